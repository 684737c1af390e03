import { css, html, nothing } from "lit";
import { customElement, property } from "lit/decorators.js";
import type { Catchment, CatchmentBand, Mode } from "../api/types.ts";
import { number, percent } from "../text/format.ts";
import { t } from "../text/index.ts";
import { controls } from "../ui/controls.ts";
import { KkElement } from "../ui/element.ts";
import { icon } from "../ui/icons.ts";
import { LOADING, type Loadable } from "../ui/loadable.ts";
import { BAND_COLOURS, MOST_PLACES } from "./bands.ts";
import { MODES } from "./question.ts";

const ROWS = [
  "population",
  "shop_units",
  "vacant_units",
  "floor_area_m2",
  "parking_spaces",
  "area_m2",
] as const satisfies readonly (keyof CatchmentBand)[];

/** Who can reach this place: draw it on the map and read what it holds per band of minutes. */
@customElement("kk-catchment-section")
export class KkCatchmentSection extends KkElement {
  @property() mode: Mode | null = null;
  @property({ attribute: false }) catchment: Loadable<Catchment> = LOADING;
  @property({ type: Number }) unit: number | null = null;
  /** How many places the tab of catchments already asks about. */
  @property({ type: Number }) others = 0;

  static override styles = [
    controls,
    css`
      :host {
        display: grid;
        gap: 10px;
      }
      .modes {
        display: flex;
        flex-wrap: wrap;
        gap: 6px;
      }
      table {
        width: 100%;
        border-collapse: collapse;
        font-size: 14px;
      }
      th,
      td {
        padding: 4px 0 4px 10px;
        border-bottom: 1px solid var(--line);
        text-align: right;
        font-weight: 400;
        white-space: nowrap;
      }
      th[scope="row"],
      thead th:first-child {
        padding-left: 0;
        text-align: left;
        white-space: normal;
      }
      thead th {
        font-weight: 600;
      }
      thead i {
        display: inline-block;
        width: 11px;
        height: 11px;
        margin-right: 5px;
        border: 1.5px solid;
        border-radius: 2px;
        vertical-align: -1px;
      }
      .wait {
        height: 150px;
      }
    `,
  ];

  #cell(key: keyof CatchmentBand, band: CatchmentBand): string {
    const value = band[key];
    if (typeof value !== "number") return t("unknown");
    return key === "area_m2" ? t("hectares", { value: number(value / 10_000) }) : number(value);
  }

  #table(answer: Catchment) {
    const bands = answer.features.map((feature) => feature.properties).sort((a, b) => a.band - b.band);
    const unknown = bands.at(-1)?.floor_area_m2_unknown ?? 0;
    const { population_coverage: coverage, snap_distance_m: snap, sources } = answer.catchment;
    return html`<table class="num">
        <thead>
          <tr>
            <th scope="col">${t("catchment.within")}</th>
            ${bands.map(
              (band, i) => html`<th scope="col">
                <i aria-hidden="true" style="background:${BAND_COLOURS[i]}55;border-color:${BAND_COLOURS[i]}"></i>${t(
                  "minutes",
                  { value: band.band },
                )}
              </th>`,
            )}
          </tr>
        </thead>
        <tbody>
          ${ROWS.map(
            (key) => html`<tr>
              <th scope="row">${t(`catchment.${key}`)}</th>
              ${bands.map((band) => html`<td>${this.#cell(key, band)}</td>`)}
            </tr>`,
          )}
        </tbody>
      </table>
      <p class="small muted">
        ${coverage !== null && coverage < 0.995 ? t("catchment.coverage", { share: percent(coverage, 0) }) : nothing}
        ${snap > 25 ? t("catchment.snapped", { distance: number(snap) }) : nothing}
        ${unknown ? t("catchment.unknown_area", { count: number(unknown), minutes: bands.at(-1)!.band }) : nothing}
        ${t("catchment.method")} ${t("catchment.sources", { sources: sources.join(", ") })}
      </p>`;
  }

  #answer() {
    if (this.mode === null) return html`<p class="small muted">${t("catchment.hint")}</p>`;
    const { catchment } = this;
    if (catchment.status === "error")
      return html`<kk-catchment-error .error=${catchment.error}></kk-catchment-error>`;
    if (catchment.status !== "ready") {
      return html`<div class="skeleton wait" role="status" aria-label=${t("loading")}></div>`;
    }
    return this.#table(catchment.value);
  }

  #more(how: "only" | "add"): void {
    this.emit("catchment-more", { id: this.unit, how });
  }

  protected override render() {
    return html`<div class="modes" role="group" aria-label=${t("catchment.modes")}>
        ${MODES.map(
          (mode) => html`<button
            class="button"
            aria-pressed=${this.mode === mode}
            @click=${() => this.emit("catchment-mode", { mode: this.mode === mode ? null : mode })}
          >
            ${icon(mode)} ${t(`catchment.${mode}`)}
          </button>`,
        )}
      </div>
      ${this.#answer()}
      <div class="modes">
        <button class="quiet" @click=${() => this.#more("only")}>${t("catchment.more_about")} ${icon("next", 16)}</button>
        ${
          this.others > 0 && this.others < MOST_PLACES
            ? html`<button class="quiet" @click=${() => this.#more("add")}>${icon("plus", 16)} ${t("catchment.compare_this")}</button>`
            : nothing
        }
      </div>`;
  }
}
