import { css, html } from "lit";
import { customElement, property } from "lit/decorators.js";
import { t } from "../text/index.ts";
import { controls } from "../ui/controls.ts";
import { KkElement } from "../ui/element.ts";
import { icon } from "../ui/icons.ts";
import { BASES, COLOURINGS, LAYERS, START, type View } from "./view.ts";

/** What the map shows: the colour of the shop units, the layers, the base map. */
@customElement("kk-layers-panel")
export class KkLayersPanel extends KkElement {
  @property({ attribute: false }) view: View = START;
  @property() clusterMessage = "";

  static override styles = [
    controls,
    css`
      :host {
        display: block;
        width: 276px;
        max-width: 100%;
        padding: 10px 14px 14px;
        border: 1px solid var(--line-2);
        border-radius: var(--radius);
        background: var(--surface);
        box-shadow: var(--shadow);
        overflow-y: auto;
      }
      .head {
        display: flex;
        align-items: center;
        justify-content: space-between;
        margin-right: -8px;
      }
      h2 {
        font-size: 16px;
      }
      fieldset {
        margin: 8px 0 0;
        padding: 0;
        border: 0;
      }
      legend {
        padding: 0;
        margin-bottom: 2px;
        font-size: 14px;
        font-weight: 600;
      }
      label {
        display: flex;
        align-items: center;
        gap: 9px;
        min-height: 30px;
        font-size: 14.5px;
      }
      input {
        width: 16px;
        height: 16px;
        margin: 0;
        flex: none;
        accent-color: var(--accent);
      }
    `,
  ];

  #radios<T extends string>(
    name: "colouring" | "base",
    all: readonly T[],
    current: T,
    text: (code: T) => string,
  ) {
    return all.map(
      (code) => html`<label
        ><input
          type="radio"
          name=${name}
          value=${code}
          .checked=${code === current}
          @change=${() => this.emit("view-change", { [name]: code })}
        />${text(code)}</label
      >`,
    );
  }

  protected override render() {
    const { view } = this;
    return html`<div class="head">
        <h2>${t("layers.title")}</h2>
        <button class="quiet square" aria-label=${t("close")} @click=${() => this.emit("layers-toggle")}>${icon("close")}</button>
      </div>
      <fieldset>
        <legend>${t("layers.colour")}</legend>
        ${this.#radios("colouring", COLOURINGS, view.colouring, (code) => t(`colouring.${code}`))}
        <label
          ><input
            type="checkbox"
            .checked=${view.fades}
            @change=${(event: Event) => this.emit("view-change", { fades: (event.target as HTMLInputElement).checked })}
          />${t("worklist.fade")}</label
        >
        ${view.colouring === "score" ? html`<p class="small muted">${t("worklist.fade_score")}</p>` : ""}
      </fieldset>
      <fieldset>
        <legend>${t("layers.show")}</legend>
        ${LAYERS.map(
          (layer) => html`<label
            ><input
              type="checkbox"
              .checked=${view.layers.includes(layer)}
              @change=${(event: Event) => {
                const isOn = (event.target as HTMLInputElement).checked;
                this.emit("view-change", {
                  layers: LAYERS.filter((item) => (item === layer ? isOn : view.layers.includes(item))),
                });
              }}
            />${t(`layer.${layer}`)}</label
          >`,
        )}
        ${this.clusterMessage ? html`<p class="small muted">${this.clusterMessage}</p>` : ""}
      </fieldset>
      <fieldset>
        <legend>${t("layers.base")}</legend>
        ${this.#radios("base", BASES, view.base, (code) => t(`base.${code}`))}
        <p class="small muted">${t(view.base === "own" ? "base.privacy_own" : "base.privacy_public")}</p>
      </fieldset>`;
  }
}
