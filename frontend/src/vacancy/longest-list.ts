import { css, html, nothing } from "lit";
import { customElement, property } from "lit/decorators.js";
import type { LongVacant } from "../api/types.ts";
import { date, duration, squareMetres } from "../text/format.ts";
import { t, tCode } from "../text/index.ts";
import { controls } from "../ui/controls.ts";
import { KkElement } from "../ui/element.ts";

const MONTH_DAYS = 365.25 / 12;

/** "3,2 jaar" or "8 maanden" of a number of days. */
export function lengthOf(days: number): string {
  const months = days / MONTH_DAYS;
  return months < 24 ? duration(Math.floor(months), "month") : duration(days / 365.25, "year");
}

/** The units that stand empty longest; each opens the unit. */
@customElement("kk-longest-vacant")
export class KkLongestVacant extends KkElement {
  @property({ attribute: false }) units: LongVacant[] = [];

  static override styles = [
    controls,
    css`
      :host {
        display: block;
      }
      h2 {
        font-size: 15px;
        margin-bottom: 4px;
      }
      button {
        display: grid;
        grid-template-columns: 1fr auto;
        gap: 0 10px;
        width: 100%;
        padding: 7px 6px;
        border: 0;
        border-top: 1px solid var(--line);
        background: none;
        text-align: left;
        font-size: 14.5px;
      }
      button:hover {
        background: var(--hover);
      }
      button span:nth-child(3) {
        grid-column: 1 / -1;
      }
    `,
  ];

  #row(unit: LongVacant) {
    const facts = [
      unit.since_latest ? t("dash.empty_on", { on: date(unit.since_latest) }) : null,
      unit.branch_group === "unknown"
        ? null
        : t("dash.before", { branch: tCode("branch_group", unit.branch_group) }),
      unit.floor_area_m2 === null ? null : squareMetres(unit.floor_area_m2),
    ];
    return html`<button ?disabled=${!unit.is_active} @click=${() => this.emit("unit-select", { id: unit.id })}>
      <span>${unit.address ?? unit.local_code ?? t("list.no_address")}</span>
      <strong class="num">${t("dash.at_least", { length: lengthOf(unit.min_days) })}</strong>
      <span class="small muted">${facts.filter(Boolean).join(" · ")}</span>
    </button>`;
  }

  protected override render() {
    if (!this.units.length) return nothing;
    return html`<h2>${t("dash.longest")}</h2>
      <ul>
        ${this.units.map((unit) => html`<li>${this.#row(unit)}</li>`)}
      </ul>`;
  }
}
