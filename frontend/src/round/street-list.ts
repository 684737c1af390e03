import { css, html, nothing } from "lit";
import { customElement, property } from "lit/decorators.js";
import { t } from "../text/index.ts";
import { controls } from "../ui/controls.ts";
import { KkElement } from "../ui/element.ts";
import { icon } from "../ui/icons.ts";
import { progress, stopsOf } from "./observing.ts";
import { phoneControls } from "./phone.css.ts";
import type { Walk } from "./walk.ts";
import { streetName } from "./words.ts";

/** The streets of a round in walking order, each with how far it is. */
@customElement("kk-round-streets")
export class KkRoundStreets extends KkElement {
  @property({ attribute: false }) walk!: Walk;
  /** Counts up whenever something was said, so that this is drawn again. */
  @property({ type: Number }) turn = 0;

  static override styles = [
    controls,
    phoneControls,
    css`
      :host {
        display: block;
        padding: 12px 12px 24px;
      }
      h2 {
        margin: 4px 2px 10px;
        font-size: 17px;
      }
      ul {
        display: grid;
        gap: 8px;
      }
      button.tap {
        width: 100%;
        display: grid;
        grid-template-columns: 1fr auto;
        gap: 2px 10px;
        text-align: left;
        padding: 10px 14px;
      }
      .far {
        font-variant-numeric: tabular-nums;
        display: inline-flex;
        align-items: center;
        gap: 6px;
      }
      .done .far {
        color: #14602f;
      }
      progress {
        grid-column: 1 / -1;
        width: 100%;
        height: 8px;
        accent-color: #1b7a43;
      }
      .all {
        margin-bottom: 12px;
      }
    `,
  ];

  protected override render() {
    const { taken, seen } = this.walk;
    const whole = progress(taken.stops, seen);
    return html`
      ${
        whole.seen === whole.total
          ? html`<div class="message good all" role="status">
              <p>${t("round.all_done")}</p>
              <p class="small">${t("round.all_done_hint")}</p>
            </div>`
          : nothing
      }
      <h2>${t("round.streets")} · ${t("round.of", { seen: whole.seen, total: whole.total })}</h2>
      <ul>
        ${taken.streets.map(({ name }) => {
          const { seen: done, total } = progress(stopsOf(taken.stops, name), seen);
          const isDone = done === total;
          return html`<li>
            <button class="tap ${isDone ? "done" : ""}" @click=${() => this.emit("street", name)}>
              <span>${streetName(name)}</span>
              <span class="far">${isDone ? html`${icon("check", 20)} ${t("round.done")}` : t("round.of", { seen: done, total })}</span>
              <progress max=${total} value=${done} aria-label=${streetName(name)}></progress>
            </button>
          </li>`;
        })}
      </ul>
    `;
  }
}
