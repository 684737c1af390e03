import { css, html, nothing, type TemplateResult } from "lit";
import { customElement, property } from "lit/decorators.js";
import { t, tCode } from "../text/index.ts";
import { controls } from "../ui/controls.ts";
import { KkElement } from "../ui/element.ts";
import { ready } from "../ui/loadable.ts";
import type { Session } from "./session.ts";
import { SECTIONS, type Section } from "./view.ts";

/** What each section draws of the session; a new one is a line here and its name in `SECTIONS`. */
const DRAWN: Record<Section, (session: Session) => TemplateResult> = {
  rates,
  clusters,
};

function rates({ loaded: { vacancy, clusters } }: Session): TemplateResult {
  if (vacancy.status === "error") return html`<kk-error .error=${vacancy.error}></kk-error>`;
  if (vacancy.status !== "ready") return html`<kk-skeleton-rows count="5"></kk-skeleton-rows>`;
  if (vacancy.value.units.denominator === 0) {
    return html`<kk-empty .heading=${t("list.none")} .text=${t("list.none_hint")}></kk-empty>`;
  }
  return html`<kk-vacancy-overview .vacancy=${vacancy.value} .clusters=${ready(clusters)}></kk-vacancy-overview>`;
}

function clusters({ view, clustersShown }: Session): TemplateResult {
  return html`<kk-clusters-section
    .municipality=${view.municipality ?? ""}
    .chosen=${clustersShown?.selected ?? null}
  ></kk-clusters-section>`;
}

/** All about vacancy: one section at a time, chosen from a row of names. */
@customElement("kk-vacancy-tab")
export class KkVacancyTab extends KkElement {
  @property({ attribute: false }) session!: Session;
  /** Counts up whenever the session changed, so that this is drawn again. */
  @property({ type: Number }) turn = 0;

  static override styles = [
    controls,
    css`
      :host {
        display: block;
      }
      .menu {
        display: flex;
        flex-wrap: wrap;
        gap: 6px;
        padding: 10px 16px;
        border-bottom: 1px solid var(--line);
        background: var(--ground);
      }
    `,
  ];

  #menu(current: Section) {
    if (SECTIONS.length < 2) return nothing;
    return html`<div class="menu" role="group" aria-label=${t("vacancy.sections")}>
      ${SECTIONS.map(
        (section) => html`<button
          class="button"
          aria-pressed=${section === current}
          @click=${() => this.emit("view-change", { section })}
        >
          ${tCode("section", section)}
        </button>`,
      )}
    </div>`;
  }

  protected override render() {
    const { section } = this.session.view;
    return html`${this.#menu(section)} ${DRAWN[section](this.session)}`;
  }
}
