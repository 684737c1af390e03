import { css, html, type TemplateResult } from "lit";
import { customElement, property } from "lit/decorators.js";
import { t } from "../text/index.ts";
import { KkElement } from "../ui/element.ts";
import type { Session } from "./session.ts";
import { FOOTFALL_SECTIONS, type FootfallSection, oneOfSections } from "./view.ts";

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

/** All about footfall: one section at a time, chosen from a row of names. */
@customElement("kk-footfall-tab")
export class KkFootfallTab extends KkElement {
  @property({ attribute: false }) session!: Session;
  /** Counts up whenever the session changed, so that this is drawn again. */
  @property({ type: Number }) turn = 0;

  static override styles = css`
    :host {
      display: block;
    }
  `;

  protected override render() {
    const section = oneOfSections(FOOTFALL_SECTIONS, this.session.view.section);
    return html`<kk-section-menu
        .sections=${FOOTFALL_SECTIONS}
        .current=${section}
        .label=${t("passing.sections")}
      ></kk-section-menu>
      ${DRAWN[section](this.session)}`;
  }
}
