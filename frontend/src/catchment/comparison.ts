import { css, html } from "lit";
import { customElement, property } from "lit/decorators.js";
import type { Catchment, CatchmentBand } from "../api/types.ts";
import { t } from "../text/index.ts";
import { controls } from "../ui/controls.ts";
import { KkElement } from "../ui/element.ts";
import { LETTERS, PLACE_COLOURS } from "./bands.ts";
import { bandName, cellBar, MEASURES, type Measure, measureText } from "./charts.ts";
import { readBand, unitOf } from "./reading.ts";
import { sectionStyle } from "./section.css.ts";

/** Up to four places side by side: a column each, a bar in every cell, the best in bold. */
@customElement("kk-comparison")
export class KkComparison extends KkElement {
  @property({ attribute: false }) answers: readonly (Catchment | null)[] = [];
  @property({ attribute: false }) names: readonly string[] = [];
  @property({ type: Number }) band: number | null = null;

  static override styles = [
    controls,
    sectionStyle,
    css`
      :host {
        display: grid;
        gap: 6px;
        min-width: 0;
      }
      .wide {
        overflow-x: auto;
      }
      table {
        min-width: max-content;
      }
      th,
      td {
        min-width: 60px;
        padding: 5px 0 6px 8px;
        vertical-align: top;
      }
      th[scope="row"] {
        position: sticky;
        left: 0;
        min-width: 84px;
        max-width: 96px;
        padding-right: 6px;
        background: var(--surface);
        line-height: 1.25;
      }
      thead th:first-child {
        position: sticky;
        left: 0;
        background: var(--surface);
      }
      thead .letter {
        margin-left: auto;
      }
      td strong {
        font-weight: 700;
      }
      .cell {
        display: block;
        width: 100%;
        height: 5px;
        margin-top: 3px;
        border-radius: 2px;
      }
    `,
  ];

  #row(measure: Measure, bands: readonly (CatchmentBand | null)[]) {
    const values = bands.map((band) => band?.[measure] ?? null);
    const top = Math.max(0, ...values.map((value) => value ?? 0));
    return html`<tr>
      <th scope="row">${t(`catchment.${measure}`)}</th>
      ${bands.map((band, i) => {
        const text = band ? measureText(band, measure) : "…";
        const isTop = values[i] !== null && values[i] === top && top > 0;
        return html`<td>
          ${isTop ? html`<strong>${text}</strong>` : text} ${cellBar(values[i] ?? null, top, PLACE_COLOURS[i]!)}
        </td>`;
      })}
    </tr>`;
  }

  protected override render() {
    const bands = this.answers.map(
      (answer) => (answer && readBand(answer.features, this.band)?.properties) ?? null,
    );
    const first = this.answers.find((answer) => answer !== null);
    const read = bands.find((band) => band !== null);
    const within = first && read ? bandName(read, unitOf(first)) : "";
    return html`<h2>${t("catchment.side_by_side", { within })}</h2>
      <div class="wide" tabindex="0" role="region" aria-label=${t("catchment.comparison")}>
        <table class="num">
          <thead>
            <tr>
              <th scope="col"><span class="visually-hidden">${t("catchment.measure")}</span></th>
              ${this.names.map(
                (name, i) => html`<th scope="col">
                  <span class="letter" style="--place:${PLACE_COLOURS[i]}" title=${name} aria-hidden="true">${LETTERS[i]}</span>
                  <span class="visually-hidden">${LETTERS[i]}: ${name}</span>
                </th>`,
              )}
            </tr>
          </thead>
          <tbody>
            ${MEASURES.filter((measure) => measure !== "sensors").map((measure) => this.#row(measure, bands))}
          </tbody>
        </table>
      </div>`;
  }
}
