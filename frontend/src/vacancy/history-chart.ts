import { css, html, nothing, svg } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import type { SeriesBreak, SeriesPoint } from "../api/types.ts";
import { date, number, percent } from "../text/format.ts";
import { t, tCode } from "../text/index.ts";
import { controls } from "../ui/controls.ts";
import { KkElement } from "../ui/element.ts";
import { type Drawn, drawnSeries } from "./history-scale.ts";

/** The history of a rate: a line that stops where the figures must not be compared, and why. */
@customElement("kk-vacancy-history")
export class KkVacancyHistory extends KkElement {
  @property({ attribute: false }) series: SeriesPoint[] = [];
  @property({ attribute: false }) breaks: SeriesBreak[] = [];
  @state() private measure: "units" | "area" = "units";

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
        margin-bottom: 6px;
      }
      h2 {
        font-size: 15px;
      }
      .head div {
        display: flex;
        gap: 4px;
      }
      .head .button {
        min-height: 28px;
        padding: 2px 8px;
        font-size: 13px;
      }
      svg {
        display: block;
        width: 100%;
        height: auto;
        overflow: visible;
      }
      text {
        font: 11.5px var(--font);
        fill: var(--ink-3);
      }
      .end {
        fill: var(--ink);
        font-weight: 600;
        paint-order: stroke;
        stroke: var(--surface);
        stroke-width: 3px;
      }
      ul {
        margin-top: 6px;
      }
      li {
        padding: 2px 0 2px 12px;
        border-left: 2px dashed var(--line-2);
      }
      details {
        margin-top: 6px;
        font-size: 13px;
      }
      table {
        width: 100%;
        border-collapse: collapse;
      }
      th,
      td {
        padding: 2px 4px;
        text-align: right;
      }
      th:first-child {
        text-align: left;
        font-weight: 400;
      }
    `,
  ];

  #reason(row: SeriesBreak): string {
    if (!row.is_automatic) return row.reason ?? tCode("series_break", row.kind);
    return t("dash.break_source", { before: row.before ?? t("unknown"), after: row.after ?? t("unknown") });
  }

  #picture(drawn: Drawn) {
    const { first, last } = drawn;
    const end = (point: Drawn["first"], anchor: string) =>
      svg`<text class="end" x=${point.x} y=${Math.max(10, point.y - 8)} text-anchor=${anchor}>${percent(point.rate)}</text>`;
    return html`<svg viewBox="0 0 320 132" role="img" aria-label=${t("vacancy.series_alt", {
      from: first.on.slice(0, 4),
      to: last.on.slice(0, 4),
      first: percent(first.rate),
      last: percent(last.rate),
    })}>
      ${drawn.levels.map(
        ({ y, share }) => svg`<line x1="30" x2="316" y1=${y} y2=${y} stroke="#e1e7ea" />
          <text x="26" y=${y + 4} text-anchor="end">${percent(share, 0)}</text>`,
      )}
      ${drawn.years.map(({ x, year }) => svg`<text x=${x} y="128" text-anchor="middle">${year}</text>`)}
      ${drawn.breaks.map((x) => svg`<line x1=${x} x2=${x} y1="8" y2="112" stroke="#5d6b74" stroke-dasharray="4 3" />`)}
      ${drawn.paths.map(
        (path) =>
          svg`<path d=${path} fill="none" stroke="#b8400e" stroke-width="2.2" stroke-linejoin="round" />`,
      )}
      ${drawn.points.map(
        (point) =>
          svg`<circle cx=${point.x} cy=${point.y} r="2.8" fill="#b8400e"><title>${date(point.on)}: ${percent(
            point.rate,
          )}</title></circle>`,
      )}
      ${end(first, "start")} ${end(last, "end")}
    </svg>`;
  }

  #table(drawn: Drawn) {
    return html`<details>
      <summary>${t("dash.as_table")}</summary>
      <table>
        <tbody>
          ${drawn.points.map(
            (point) => html`<tr>
              <th scope="row">${date(point.on)}</th>
              <td class="num">${percent(point.rate)}</td>
              <td class="num muted">${t("vacancy.of", { n: number(point.numerator), of: number(point.denominator) })}</td>
            </tr>`,
          )}
        </tbody>
      </table>
    </details>`;
  }

  protected override render() {
    const drawn = drawnSeries(this.series, this.breaks, this.measure);
    const hasArea = this.series.some((point) => point.floor_area.rate !== null);
    if (!drawn && this.measure === "units")
      return html`<h2>${t("vacancy.series")}</h2><p class="small">${t("dash.no_history")}</p>`;
    return html`<div class="head">
        <h2>${t("vacancy.series")}</h2>
        ${
          hasArea
            ? html`<div role="group" aria-label=${t("dash.measure")}>
              ${(["units", "area"] as const).map(
                (measure) => html`<button
                  class="button"
                  aria-pressed=${this.measure === measure}
                  @click=${() => {
                    this.measure = measure;
                  }}
                >
                  ${tCode("dash_measure", measure)}
                </button>`,
              )}
            </div>`
            : nothing
        }
      </div>
      ${drawn ? this.#picture(drawn) : html`<p class="small">${t("dash.no_history")}</p>`}
      ${
        drawn?.shown.length
          ? html`<ul class="small">
            ${drawn.shown.map((row) => html`<li><strong>${date(row.on)}</strong>: ${this.#reason(row)}</li>`)}
          </ul>
          <p class="small muted">${t("dash.break_hint")}</p>`
          : nothing
      }
      ${drawn ? this.#table(drawn) : nothing}`;
  }
}
