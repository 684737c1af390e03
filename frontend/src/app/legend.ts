import { css, html, nothing } from "lit";
import { customElement, property } from "lit/decorators.js";
import { classSymbol, streetSymbol } from "../footfall/street-lines.ts";
import { FRESHNESS, faded } from "../places/fading.ts";
import { legendStyles, SCORE_BOUNDS, SCORE_COLOURS } from "../places/unit-style.ts";
import { unitSymbol } from "../places/unit-symbol.ts";
import { type TextKey, t } from "../text/index.ts";
import { controls } from "../ui/controls.ts";
import { KkElement } from "../ui/element.ts";
import { registerSymbol } from "../vacancy/register-symbol.ts";
import { START, showsStreets, type View } from "./view.ts";

/** What the colours, shapes and lines on the map mean, for what is switched on. */
@customElement("kk-legend")
export class KkLegend extends KkElement {
  @property({ attribute: false }) view: View = START;
  /** Whether what lies beside it needs the room: then it folds up until somebody opens it. */
  @property({ type: Boolean }) folded = false;
  /** Months from which on a unit is no longer fresh, and stale. */
  @property({ attribute: false }) months: readonly [number, number] | null = null;

  static override styles = [
    controls,
    css`
      details {
        padding: 6px 10px 7px;
        border: 1px solid var(--line);
        border-radius: var(--radius);
        background: rgb(255 255 255 / 94%);
        box-shadow: var(--shadow);
        font-size: 13.5px;
      }
      summary {
        font-weight: 600;
        cursor: pointer;
      }
      ul {
        display: grid;
        gap: 3px;
        margin-top: 5px;
      }
      li {
        display: flex;
        align-items: center;
        gap: 7px;
      }
      .scale {
        display: grid;
        grid-template-columns: repeat(5, 30px);
        margin: 6px 0 2px;
      }
      .scale i {
        height: 12px;
        border: 1px solid rgb(23 36 43 / 35%);
        border-left-width: 0;
      }
      .scale i:first-child {
        border-left-width: 1px;
      }
      .scale span {
        font-size: 12px;
      }
      .fading {
        margin-top: 6px;
        font-weight: 600;
      }
      .row {
        grid-template-columns: auto auto;
        gap: 2px 10px;
        margin-top: 2px;
      }
      .dot,
      .p {
        display: inline-grid;
        place-items: center;
        flex: none;
        width: 18px;
        height: 16px;
        border-radius: 4px;
        background: #1d4f91;
        color: #fff;
        font-size: 11px;
        font-weight: 700;
      }
      .dot {
        height: 18px;
        border-radius: 50%;
        background: radial-gradient(#8fe0ef 0 3.5px, #1f2a30 4px);
      }
      .line {
        width: 18px;
        height: 11px;
        border: 2px dashed;
        border-radius: 3px;
        flex: none;
      }
    `,
  ];

  #score() {
    const vacant = legendStyles("state")[0]!.style;
    return html`<div class="scale num" aria-hidden="true">
        ${SCORE_COLOURS.map((colour) => html`<i style="background:${colour}"></i>`)}
        ${[0, ...SCORE_BOUNDS].map((bound) => html`<span>${bound}</span>`)}
      </div>
      <ul>
        <li>${unitSymbol({ ...vacant, fill: SCORE_COLOURS[3] })} ${t("state.vacant")}</li>
        <li>${unitSymbol({ ...vacant, shape: "circle", fill: SCORE_COLOURS[3], size: 1 })} ${t("legend.not_vacant")}</li>
        <li>${unitSymbol({ ...vacant, shape: "ring", fill: "#fff", line: "#5d6b74", size: 0.9 })} ${t("list.no_score")}</li>
      </ul>`;
  }

  #fading() {
    const { months } = this;
    const { colouring, fades } = this.view;
    if (!months || !fades || colouring === "score") return nothing;
    const { style } = legendStyles("state")[0]!;
    return html`<p class="fading">${t("worklist.legend")}</p>
      <ul class="row">
        ${FRESHNESS.map(
          (code) =>
            html`<li>${unitSymbol(faded(style, code))} ${t(`freshness.${code}`, { fresh: months[0], stale: months[1] })}</li>`,
        )}
      </ul>`;
  }

  protected override render() {
    const { colouring, layers } = this.view;
    return html`<details ?open=${!this.folded && matchMedia("(min-width: 900px)").matches}>
      <summary>${t("legend.title")} · ${t(`colouring.${colouring}`)}</summary>
      ${
        colouring === "score"
          ? this.#score()
          : html`<ul>
            ${legendStyles(colouring).map(({ style, text }) => html`<li>${unitSymbol(style)} ${t(text as TextKey)}</li>`)}
          </ul>`
      }
      ${this.#fading()}
      <ul>
        ${layers.includes("sensors") ? html`<li><span class="dot"></span>${t("layer.sensors")}</li>` : nothing}
        ${showsStreets(this.view) ? html`<li>${streetSymbol()}${t("street_footfall.legend")}</li><li>${classSymbol()}${t("street_footfall.legend_class")}</li>` : nothing}
        ${layers.includes("parking") ? html`<li><span class="p" aria-hidden="true">P</span>${t("legend.parking")}</li>` : nothing}
        ${layers.includes("legal") ? html`<li>${registerSymbol("legal-vacancy")}${t("layer.legal")}</li>` : nothing}
        ${layers.includes("premises") ? html`<li>${registerSymbol("business-premises")}${t("layer.premises")}</li>` : nothing}
        ${
          layers.includes("clusters")
            ? html`<li><span class="line" style="border:2px solid #8f2f06;background:#c4450f1c"></span>${t("layer.clusters")}</li>`
            : nothing
        }
        ${
          layers.includes("cores")
            ? html`<li><span class="line" style="border-color:#0b5563;background:#0b556310"></span>${t("legend.core")}</li>`
            : nothing
        }
      </ul>
    </details>`;
  }
}
