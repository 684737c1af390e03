import { html, type TemplateResult } from "lit";
import { customElement } from "lit/decorators.js";
import { t } from "../text/index.ts";
import { SectionTab } from "./section-tab.ts";
import type { Session } from "./session.ts";
import { FOOTFALL_SECTIONS, type FootfallSection } from "./view.ts";

/** What each section draws of the session; a new one is a line here and its name in `FOOTFALL_SECTIONS`. */
const DRAWN: Record<FootfallSection, (session: Session) => TemplateResult> = {
  overview: ({ view }) =>
    html`<kk-footfall-overview
      .municipality=${view.municipality ?? ""}
      .sensor=${view.sensor}
    ></kk-footfall-overview>`,
  quality: ({ view }) => html`<kk-count-quality .municipality=${view.municipality ?? ""}></kk-count-quality>`,
  streets: ({ view, street }) =>
    html`<kk-street-footfall .municipality=${view.municipality ?? ""} .chosen=${street}></kk-street-footfall>`,
  forecast: ({ view }) =>
    html`<kk-forecast .municipality=${view.municipality ?? ""} .sensor=${view.sensor}></kk-forecast>`,
  opening: ({ view }) =>
    html`<kk-opening-hours .municipality=${view.municipality ?? ""} .sensor=${view.sensor}></kk-opening-hours>`,
  events: ({ view }) => html`<kk-events .municipality=${view.municipality ?? ""}></kk-events>`,
};

/** All about footfall. */
@customElement("kk-footfall-tab")
export class KkFootfallTab extends SectionTab<FootfallSection> {
  protected override readonly sections = FOOTFALL_SECTIONS;
  protected override readonly drawn = DRAWN;

  protected override get label() {
    return t("passing.sections");
  }
}
