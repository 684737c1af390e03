import { css, html, nothing } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import type { GroupRates } from "../api/types.ts";
import { collator, number, percent, squareMetres } from "../text/format.ts";
import { t, tCode } from "../text/index.ts";
import { controls } from "../ui/controls.ts";
import { KkElement } from "../ui/element.ts";

const ORDERS = ["vacant", "rate", "name"] as const;
type Order = (typeof ORDERS)[number];
const FEW = 8;

export interface NamedRates extends GroupRates {
  name: string;
}

/** Groups in the order that is asked for; where there is no rate, it comes last. */
export function ordered(rows: readonly NamedRates[], order: Order): NamedRates[] {
  const compare = collator().compare;
  const key: Record<Order, (row: NamedRates) => number> = {
    vacant: (row) => -row.units.numerator,
    rate: (row) => (row.units.rate === null ? 1 : -row.units.rate),
    name: () => 0,
  };
  return [...rows].sort((a, b) => key[order](a) - key[order](b) || compare(a.name, b.name));
}

/** A rate per street, core or branch group as bars, in an order of one's choice. */
@customElement("kk-rate-bars")
export class KkRateBars extends KkElement {
  @property() heading = "";
  @property() hint = "";
  @property({ attribute: false }) rows: NamedRates[] = [];
  @state() private order: Order = "vacant";
  @state() private isWhole = false;

  static override styles = [
    controls,
    css`
      :host {
        display: block;
      }
      .head {
        display: flex;
        align-items: center;
        justify-content: space-between;
        gap: 8px;
      }
      h2 {
        font-size: 15px;
      }
      select.field {
        flex: none;
        width: auto;
        min-height: 30px;
        font-size: 13px;
      }
      li {
        display: grid;
        grid-template-columns: 1fr auto;
        gap: 2px 8px;
        padding: 5px 0;
        font-size: 14.5px;
      }
      .track {
        grid-column: 1 / -1;
        height: 6px;
        border-radius: 2px;
        background: #e6ebed;
      }
      .track i {
        display: block;
        height: 100%;
        border-radius: 2px;
        background: var(--vacant);
      }
      .area {
        grid-column: 1 / -1;
      }
    `,
  ];

  #area({ floor_area: area }: NamedRates) {
    if (area.rate === null) return nothing;
    const of = t("vacancy.of", {
      n: squareMetres(area.numerator_m2 ?? 0),
      of: squareMetres(area.denominator_m2 ?? 0),
    });
    return html`<span class="area small muted">${t("dash.area_row", { rate: percent(area.rate), of })}</span>`;
  }

  #row(row: NamedRates, most: number) {
    const { rate, numerator, denominator } = row.units;
    return html`<li>
      <span>${row.name}</span>
      <span class="num"
        >${rate === null ? "–" : percent(rate)}
        <span class="muted small">(${t("vacancy.of", { n: number(numerator), of: number(denominator) })})</span></span
      >
      <div class="track" aria-hidden="true"><i style="width:${most > 0 ? ((rate ?? 0) / most) * 100 : 0}%"></i></div>
      ${this.#area(row)}
    </li>`;
  }

  protected override render() {
    if (!this.rows.length) return nothing;
    const rows = ordered(this.rows, this.order);
    const most = Math.max(0, ...rows.map((row) => row.units.rate ?? 0));
    const shown = this.isWhole ? rows : rows.slice(0, FEW);
    return html`<div class="head">
        <h2>${this.heading}</h2>
        <select
          class="field"
          aria-label=${t("dash.order", { what: this.heading })}
          @change=${(event: Event) => {
            this.order = (event.target as HTMLSelectElement).value as Order;
          }}
        >
          ${ORDERS.map(
            (order) =>
              html`<option value=${order} ?selected=${order === this.order}>${tCode("dash_order", order)}</option>`,
          )}
        </select>
      </div>
      ${this.hint ? html`<p class="small muted">${this.hint}</p>` : nothing}
      <ul>
        ${shown.map((row) => this.#row(row, most))}
      </ul>
      ${
        rows.length > FEW
          ? html`<button
            class="quiet"
            aria-expanded=${this.isWhole}
            @click=${() => {
              this.isWhole = !this.isWhole;
            }}
          >
            ${this.isWhole ? t("dash.fewer") : t("dash.all", { count: number(rows.length) })}
          </button>`
          : nothing
      }`;
  }
}
