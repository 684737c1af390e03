import { css, html, nothing, type TemplateResult } from "lit";
import { customElement, property } from "lit/decorators.js";
import type { Points } from "../api/types.ts";
import { t } from "../text/index.ts";
import { KkElement } from "../ui/element.ts";
import { latest } from "../ui/loadable.ts";
import type { Session } from "./session.ts";
import { CASE_SECTIONS, oneOfSections, type View } from "./view.ts";

/** Units with an address, as candidates are added. */
const choicesOf = latest((points: Points | null) =>
  (points?.ids ?? []).flatMap((id, i) => {
    const address = points!.address[i];
    return address ? [{ id, address }] : [];
  }),
);

/** Board or table where there is room beside the list; the map itself for the third way to look. */
export function casesOverlay(view: View): TemplateResult | typeof nothing {
  const section = oneOfSections(CASE_SECTIONS, view.section);
  if (section !== "board" && section !== "table") return nothing;
  return html`<div class="stage-cases">${drawn(section, view.case)}</div>`;
}

function drawn(section: "board" | "table", chosen: number | null): TemplateResult {
  return section === "board"
    ? html`<kk-case-board .chosen=${chosen}></kk-case-board>`
    : html`<kk-case-table .chosen=${chosen}></kk-case-table>`;
}

/** All about cases: one list as board, table or map, and the case that is open. */
@customElement("kk-cases-tab")
export class KkCasesTab extends KkElement {
  @property({ attribute: false }) session!: Session;
  /** Counts up whenever the session changed, so that this is drawn again. */
  @property({ type: Number }) turn = 0;

  static override styles = css`
    :host {
      display: block;
    }
    @media (min-width: 900px) {
      .small-screen {
        display: none;
      }
    }
  `;

  protected override render() {
    const { view } = this.session;
    const section = oneOfSections(CASE_SECTIONS, view.section);
    return html`<kk-section-menu .sections=${CASE_SECTIONS} .current=${section} .label=${t("case.views")}></kk-section-menu>
      ${
        section === "figures"
          ? html`<kk-case-figures .municipality=${view.municipality ?? ""}></kk-case-figures>`
          : section === "seek"
            ? html`<kk-seek .municipality=${view.municipality ?? ""} .chosen=${view.seek} .without=${view.seekWithout}></kk-seek>`
            : section === "branches"
              ? html`<kk-branches .municipality=${view.municipality ?? ""}></kk-branches>`
              : section === "offer"
                ? html`<kk-unit-offer .municipality=${view.municipality ?? ""}></kk-unit-offer>`
                : this.#cases(section)
      }`;
  }

  #cases(section: "board" | "table" | "places") {
    const { view, points } = this.session;
    return html`<kk-cases .municipality=${view.municipality ?? ""} .chosen=${view.case} .choices=${choicesOf(points)}>
        ${section === "places" ? nothing : html`<div class="small-screen">${drawn(section, view.case)}</div>`}
      </kk-cases>`;
  }
}
