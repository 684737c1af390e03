import { css, html, nothing } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import type { BandUnit, Mode } from "../api/types.ts";
import { t } from "../text/index.ts";
import { controls } from "../ui/controls.ts";
import { KkElement } from "../ui/element.ts";
import { icon } from "../ui/icons.ts";
import {
  BAND_UNITS,
  type BandProblem,
  bandsFor,
  bandsText,
  mostMinutes,
  PRESETS,
  parseBands,
} from "./bands.ts";
import { DIRECTIONS, MODES, NO_QUESTION, type Question } from "./question.ts";
import { sectionStyle } from "./section.css.ts";

const OWN = "own";

/** How far, how travelled, in which direction: with sensible defaults, and the rare things folded away. */
@customElement("kk-catchment-controls")
export class KkCatchmentControls extends KkElement {
  @property({ attribute: false }) question: Question = NO_QUESTION;
  @property({ attribute: false }) competitors: ReadonlyMap<number, string> = new Map();
  @property() ownBranch: string | null = null;
  @state() private isOwn = false;
  @state() private ownUnit: BandUnit = "minutes";
  @state() private problem: BandProblem | null = null;

  static override styles = [
    controls,
    sectionStyle,
    css`
      :host {
        display: grid;
        gap: 8px;
      }
      .own {
        display: grid;
        grid-template-columns: auto 1fr auto;
        gap: 6px;
      }
      .bands {
        display: grid;
        grid-template-columns: auto 1fr;
        align-items: center;
        gap: 8px;
      }
      .bad {
        color: var(--bad-ink);
      }
      details > div {
        display: grid;
        gap: 12px;
        padding: 8px 0 4px;
      }
      fieldset {
        display: grid;
        gap: 5px;
        margin: 0;
        padding: 0;
        border: 0;
      }
      legend {
        padding: 0;
        font-size: 14px;
        font-weight: 600;
      }
      .check {
        display: flex;
        align-items: center;
        gap: 8px;
        min-height: 26px;
      }
      .check input {
        width: 17px;
        height: 17px;
        margin: 0;
        accent-color: var(--accent);
      }
    `,
  ];

  #ask(patch: Partial<Question>): void {
    this.emit("catchment-ask", { patch });
  }

  #mode(mode: Mode): void {
    const { bands, unit } = this.question;
    this.#ask({ mode, bands: bandsFor(bands, unit, mode) });
  }

  #preset(value: string): void {
    this.problem = null;
    this.isOwn = value === OWN;
    if (this.isOwn) {
      this.ownUnit = this.question.unit;
      void this.updateComplete.then(() => this.renderRoot.querySelector<HTMLElement>(".own input")?.focus());
      return;
    }
    const [unit, bands] = value.split(":") as [BandUnit, string];
    this.#ask({ unit, bands: bands.split(",").map(Number), band: null });
  }

  #submit(event: Event): void {
    event.preventDefault();
    const text = this.renderRoot.querySelector<HTMLInputElement>(".own input")!.value;
    const read = parseBands(text, this.ownUnit, this.question.mode);
    this.problem = Array.isArray(read) ? null : read;
    if (Array.isArray(read)) this.#ask({ unit: this.ownUnit, bands: read, band: null });
  }

  #own() {
    const { question } = this;
    const problem = this.problem;
    return html`<form class="own" @submit=${this.#submit} novalidate>
        <select
          class="field"
          aria-label=${t("catchment.band_unit")}
          @change=${(event: Event) => {
            this.ownUnit = (event.target as HTMLSelectElement).value as BandUnit;
          }}
        >
          ${BAND_UNITS.map(
            (unit) =>
              html`<option value=${unit} .selected=${unit === this.ownUnit}>${t(`band_unit.${unit}`)}</option>`,
          )}
        </select>
        <input
          class="field num"
          inputmode="numeric"
          autocomplete="off"
          aria-label=${t("catchment.own_bands")}
          aria-invalid=${problem !== null}
          aria-describedby=${problem ? "problem" : nothing}
          .value=${question.bands.join(", ")}
        />
        <button class="button">${t("catchment.draw")}</button>
      </form>
      ${problem ? html`<p id="problem" class="small bad" role="alert">${t(`band_problem.${problem}`, { most: mostMinutes(question.mode) })}</p>` : nothing}`;
  }

  #bands() {
    const { question } = this;
    const current = `${question.unit}:${question.bands.join()}`;
    const isPreset = BAND_UNITS.some((unit) =>
      PRESETS[unit].some((bands) => `${unit}:${bands.join()}` === current),
    );
    return html`<div class="bands">
        <label for="bands" class="small">${t("catchment.how_far")}</label>
        <select
          id="bands"
          class="field"
          @change=${(event: Event) => this.#preset((event.target as HTMLSelectElement).value)}
        >
          ${
            isPreset || this.isOwn
              ? nothing
              : html`<option value=${current} selected>${bandsText(question.bands, question.unit)}</option>`
          }
          ${BAND_UNITS.map(
            (unit) => html`<optgroup label=${t(`band_unit.${unit}`)}>
              ${PRESETS[unit].map((bands) => {
                const value = `${unit}:${bands.join()}`;
                return html`<option value=${value} .selected=${!this.isOwn && value === current}>
                  ${bandsText(bands, unit)}
                </option>`;
              })}
            </optgroup>`,
          )}
          <option value=${OWN} .selected=${this.isOwn}>${t("catchment.own_bands")}…</option>
        </select>
      </div>
      ${this.isOwn ? this.#own() : nothing}`;
  }

  #more() {
    const { question } = this;
    const count =
      Number(question.direction !== NO_QUESTION.direction) +
      Number(question.rings) +
      Number(question.competitorBranch !== null || question.competitors.length > 0);
    return html`<details>
      <summary>${t("catchment.more")} ${count ? html`<span class="badge accent num">${count}</span>` : nothing}</summary>
      <div>
        <fieldset>
          <legend>${t("catchment.direction")}</legend>
          <div class="segments">
            ${DIRECTIONS.map(
              (direction) => html`<button
                aria-pressed=${question.direction === direction}
                @click=${() => this.#ask({ direction })}
              >
                ${t(`direction.${direction}`)}
              </button>`,
            )}
          </div>
        </fieldset>
        <label class="check"
          ><input
            type="checkbox"
            .checked=${question.rings}
            @change=${(event: Event) => this.#ask({ rings: (event.target as HTMLInputElement).checked })}
          />${t("catchment.rings")}</label
        >
        <kk-own-territory
          .question=${question}
          .labels=${this.competitors}
          .ownBranch=${this.ownBranch}
        ></kk-own-territory>
      </div>
    </details>`;
  }

  protected override render() {
    const { question } = this;
    return html`<div class="segments" role="group" aria-label=${t("catchment.modes")}>
        ${MODES.map(
          (mode) => html`<button aria-pressed=${question.mode === mode} @click=${() => this.#mode(mode)}>
            ${icon(mode)} ${t(`catchment.${mode}`)}
          </button>`,
        )}
      </div>
      ${this.#bands()} ${this.#more()}`;
  }
}
