import { css, html, nothing } from "lit";
import { customElement, property } from "lit/decorators.js";
import type { Catchment, CatchmentBand, StreetSegment } from "../api/types.ts";
import { number } from "../text/format.ts";
import { t } from "../text/index.ts";
import { controls } from "../ui/controls.ts";
import { KkElement } from "../ui/element.ts";
import { bandName } from "./charts.ts";
import { differenceText } from "./difference-text.ts";
import { NO_QUESTION, type Question } from "./question.ts";
import { bandsOf, changeOf, readBand, unitOf } from "./reading.ts";
import { scenarioSentence } from "./scenario-words.ts";
import { sectionStyle } from "./section.css.ts";

const ROWS = [
  "population",
  "households",
  "shop_units",
  "vacant_units",
  "floor_area_m2",
  "parking_spaces",
  "public_places",
] as const satisfies readonly (keyof CatchmentBand)[];

/** What the closed streets and drawn lines change, in one sentence and in figures per band. */
@customElement("kk-scenario-difference")
export class KkScenarioDifference extends KkElement {
  @property({ attribute: false }) answer: Catchment | null = null;
  @property({ attribute: false }) question: Question = NO_QUESTION;
  @property({ attribute: false }) streets: ReadonlyMap<number, StreetSegment> = new Map();
  /** How many of the streets are known by name, so that this is drawn again when one comes. */
  @property({ type: Number }) known = 0;

  static override styles = [
    controls,
    sectionStyle,
    css`
      .box {
        display: grid;
        gap: 8px;
        padding: 12px 14px;
        border-left: 4px solid #b3261e;
        border-radius: 0 var(--radius) var(--radius) 0;
        background: #fdf3f2;
      }
      .sentence {
        font-size: 16px;
        font-weight: 600;
        line-height: 1.35;
      }
      .bands {
        display: flex;
        flex-wrap: wrap;
        gap: 2px 16px;
        font-size: 14px;
      }
      .key {
        display: flex;
        flex-wrap: wrap;
        gap: 4px 16px;
      }
      .key i {
        display: inline-block;
        width: 22px;
        height: 0;
        margin-right: 6px;
        border-top: 2.5px dashed #17242b;
        vertical-align: 4px;
      }
      .key i.after {
        height: 11px;
        border: 2px solid #3a2a78;
        background: #3a2a7833;
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

  /** The people of every band in one line: what leaves one alone may empty another. */
  #perBand(answer: Catchment) {
    const bands = bandsOf(answer.features);
    if (bands.length < 2) return nothing;
    return html`<p class="bands num">
      ${bands.map((band) => {
        const change = changeOf(answer, band.band, (one) => one.population);
        return html`<span
          >${bandName(band, unitOf(answer))}
          <strong>${change ? differenceText(change.difference) : t("unknown")}</strong></span
        >`;
      })}
    </p>`;
  }

  #table(answer: Catchment) {
    const bands = bandsOf(answer.features);
    return html`<div class="wide" tabindex="0" role="region" aria-label=${t("scenario.table")}>
      <table class="num">
        <thead>
          <tr>
            <th scope="col">${t("scenario.difference")}</th>
            ${bands.map((band) => html`<th scope="col">${bandName(band, unitOf(answer))}</th>`)}
          </tr>
        </thead>
        <tbody>
          ${ROWS.map(
            (key) => html`<tr>
              <th scope="row">${t(`catchment.${key}`)}</th>
              ${bands.map(({ band }) => {
                const change = changeOf(answer, band, (one) => one[key]);
                return html`<td>${change ? differenceText(change.difference) : t("unknown")}</td>`;
              })}
            </tr>`,
          )}
        </tbody>
      </table>
    </div>`;
  }

  protected override render() {
    const { answer } = this;
    const read = answer && readBand(answer.features, this.question.band)?.properties;
    if (!answer?.baseline || !read) return nothing;
    const people = changeOf(answer, read.band, (band) => band.population);
    return html`<div class="box" role="status">
      <p class="sentence">${scenarioSentence(answer, read.band, this.question, this.streets)}</p>
      ${
        people
          ? html`<p class="small num">
            ${t("scenario.before_after", { before: number(people.before), after: number(people.after) })}
          </p>`
          : nothing
      }
      ${this.#perBand(answer)}
      <p class="key small"><span><i></i>${t("scenario.now")}</span><span><i class="after"></i>${t("scenario.then")}</span></p>
      <details>
        <summary>${t("scenario.all_figures")}</summary>
        ${this.#table(answer)}
      </details>
    </div>`;
  }
}
