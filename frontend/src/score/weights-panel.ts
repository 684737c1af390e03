import { css, html, nothing } from "lit";
import { customElement, property } from "lit/decorators.js";
import type { Criterion } from "../api/types.ts";
import { number, percent, quantity } from "../text/format.ts";
import { labelOf, t } from "../text/index.ts";
import { controls } from "../ui/controls.ts";
import { KkElement } from "../ui/element.ts";
import { icon } from "../ui/icons.ts";
import { defaultWeights, shares, type Weights } from "./ranking.ts";

/** Sliders for what counts; the list and the map are ranked again while one is moved. */
@customElement("kk-weights-panel")
export class KkWeightsPanel extends KkElement {
  @property({ attribute: false }) criteria: readonly Criterion[] = [];
  @property({ attribute: false }) weights: Weights | null = null;
  /** Criteria of which something is known in this municipality. */
  @property({ attribute: false }) known: readonly string[] = [];

  static override styles = [
    controls,
    css`
      :host {
        display: block;
        padding: 14px 16px 20px;
      }
      .intro {
        margin-bottom: 14px;
      }
      .state {
        display: flex;
        align-items: center;
        justify-content: space-between;
        min-height: 36px;
        margin-bottom: 8px;
      }
      ul {
        display: grid;
        gap: 16px;
      }
      .name {
        display: flex;
        justify-content: space-between;
        gap: 10px;
        font-weight: 600;
      }
      input[type="range"] {
        width: 100%;
        height: 24px;
        margin: 2px 0 0;
        accent-color: var(--accent);
        cursor: pointer;
      }
    `,
  ];

  #current(): Weights {
    return this.weights ?? defaultWeights(this.criteria);
  }

  #move(code: string, share: number): void {
    this.emit("weights-change", { weights: { ...this.#current(), [code]: share } });
  }

  #explain(criterion: Criterion): string {
    const { reference_low: low, reference_high: high } = criterion;
    if (low === null || high === null) return "";
    const [none, full] = criterion.direction === "less" ? [high, low] : [low, high];
    return t("weights.scale", { none: quantity(none, criterion.unit), full: quantity(full, criterion.unit) });
  }

  protected override render() {
    const current = this.#current();
    const part = shares(Object.fromEntries(this.known.map((code) => [code, current[code] ?? 0])));
    const allOff = this.known.length > 0 && this.known.every((code) => !current[code]);
    return html`<p class="intro small muted">${t("weights.intro")}</p>
      <div class="state">
        ${
          this.weights
            ? html`<span class="badge accent">${t("weights.own")}</span>
              <button class="quiet" @click=${() => this.emit("weights-change", { weights: null })}>
                ${icon("reset", 16)} ${t("weights.reset")}
              </button>`
            : html`<span class="badge">${t("weights.default")}</span>`
        }
      </div>
      ${allOff ? html`<p class="small" role="status">${t("weights.all_off")}</p>` : nothing}
      <ul>
        ${this.criteria.map(
          (criterion) => html`<li>
            <label>
              <span class="name"
                ><span>${labelOf(criterion)}</span
                ><span class="num">${this.known.includes(criterion.code) ? percent(part[criterion.code] ?? 0, 0) : t("unknown")}</span></span
              >
              <input
                type="range"
                min="0"
                max="100"
                step="1"
                ?disabled=${!this.known.includes(criterion.code)}
                aria-valuetext=${t("weights.value", {
                  weight: number((current[criterion.code] ?? 0) * 100),
                  share: percent(part[criterion.code] ?? 0, 0),
                })}
                .value=${String(Math.round((current[criterion.code] ?? 0) * 100))}
                @input=${(event: InputEvent) =>
                  this.#move(criterion.code, Number((event.target as HTMLInputElement).value) / 100)}
              />
            </label>
            <p class="small muted">${this.known.includes(criterion.code) ? this.#explain(criterion) : t("weights.unknown_here")}</p>
          </li>`,
        )}
      </ul>`;
  }
}
