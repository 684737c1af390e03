import { css, html } from "lit";
import { customElement, property } from "lit/decorators.js";
import type { CatchmentDifference } from "../api/types.ts";
import { number } from "../text/format.ts";
import { t } from "../text/index.ts";
import { controls } from "../ui/controls.ts";
import { KkElement } from "../ui/element.ts";
import { LOADING, type Loadable } from "../ui/loadable.ts";
import { bandText } from "./bands.ts";
import { differenceText } from "./difference-text.ts";
import { DIFFERENCE_COLOURS } from "./drawing.ts";
import { momentText } from "./moment-text.ts";
import { sectionStyle } from "./section.css.ts";

const ROWS = [
  "population",
  "households",
  "shop_units",
  "vacant_units",
  "floor_area_m2",
  "parking_spaces",
] as const;
const KINDS = ["only_a", "both", "only_b"] as const;

/** Two stored catchments, or two runs of one: what they share and what only either reaches. */
@customElement("kk-stored-difference")
export class KkStoredDifference extends KkElement {
  @property({ attribute: false }) difference: Loadable<CatchmentDifference> = LOADING;

  static override styles = [
    controls,
    sectionStyle,
    css`
      .box {
        display: grid;
        gap: 8px;
        padding: 12px 14px;
        border-left: 4px solid var(--accent);
        border-radius: 0 var(--radius) var(--radius) 0;
        background: var(--accent-weak);
      }
      .key {
        display: grid;
        gap: 3px;
        font-size: 13.5px;
      }
      .key i {
        display: inline-block;
        width: 16px;
        height: 11px;
        margin-right: 6px;
        border: 2px solid var(--own);
        background: color-mix(in srgb, var(--own) 30%, white);
        vertical-align: -1px;
      }
      .wide {
        overflow-x: auto;
      }
      td {
        white-space: nowrap;
      }
    `,
  ];

  #names({ a, b }: CatchmentDifference): { a: string; b: string } {
    if (a.id !== b.id) return { a: a.name, b: b.name };
    return { a: momentText(a.run.computed_at), b: momentText(b.run.computed_at) };
  }

  #key(difference: CatchmentDifference) {
    const names = this.#names(difference);
    return html`<ul class="key">
      ${KINDS.map((kind) => {
        const area = difference.features
          .filter(({ properties }) => properties.kind === kind)
          .reduce((sum, { properties }) => sum + properties.area_m2, 0);
        const name =
          kind === "both"
            ? t("stored.both")
            : t("stored.only", { name: names[kind === "only_a" ? "a" : "b"] });
        return html`<li>
          <i style="--own:${DIFFERENCE_COLOURS[kind]}" aria-hidden="true"></i>${name}
          <span class="muted num">${t("hectares", { value: number(area / 10_000, 1) })}</span>
        </li>`;
      })}
    </ul>`;
  }

  #table({ bands }: CatchmentDifference) {
    return html`<div class="wide" tabindex="0" role="region" aria-label=${t("stored.difference_table")}>
      <table class="num">
        <thead>
          <tr>
            <th scope="col">${t("scenario.difference")}</th>
            ${bands.map(({ band, unit }) => html`<th scope="col">${bandText(band, unit)}</th>`)}
          </tr>
        </thead>
        <tbody>
          ${ROWS.map(
            (key) => html`<tr>
              <th scope="row">${t(`catchment.${key}`)}</th>
              ${bands.map((band) => {
                const value = band[key]?.difference ?? null;
                return html`<td>${value === null ? t("unknown") : differenceText(value)}</td>`;
              })}
            </tr>`,
          )}
        </tbody>
      </table>
    </div>`;
  }

  protected override render() {
    const { difference } = this;
    if (difference.status === "error")
      return html`<kk-catchment-error .error=${difference.error}></kk-catchment-error>`;
    if (difference.status !== "ready")
      return html`<div class="skeleton" style="height:150px" role="status" aria-label=${t("loading")}></div>`;
    const { value } = difference;
    return html`<div class="box" role="status">
      <h2>${t("stored.versus", this.#names(value))}</h2>
      ${this.#key(value)} ${value.bands.length ? this.#table(value) : html`<p class="small">${t("stored.no_shared_band")}</p>`}
      <div>
        <button class="quiet" @click=${() => this.emit("catchment-ask", { patch: { versus: null } })}>${t("stored.stop_comparing")}</button>
      </div>
    </div>`;
  }
}
