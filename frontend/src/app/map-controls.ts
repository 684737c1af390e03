import { css, html } from "lit";
import { customElement, property } from "lit/decorators.js";
import { t } from "../text/index.ts";
import { controls } from "../ui/controls.ts";
import { KkElement } from "../ui/element.ts";
import { type IconName, icon } from "../ui/icons.ts";

/** Buttons on the map: layers, nearer, farther, whole core. */
@customElement("kk-map-controls")
export class KkMapControls extends KkElement {
  @property({ type: Boolean }) layersOpen = false;

  static override styles = [
    controls,
    css`
      :host {
        display: grid;
        gap: 8px;
        justify-items: end;
      }
      .group {
        display: grid;
        border: 1px solid var(--line-2);
        border-radius: var(--radius);
        background: var(--surface);
        overflow: clip;
        box-shadow: var(--shadow);
      }
      .group button {
        display: inline-flex;
        align-items: center;
        justify-content: center;
        gap: 6px;
        min-width: 38px;
        height: 38px;
        padding: 0 9px;
        border: 0;
        background: none;
        font-weight: 500;
      }
      .group button + button {
        border-top: 1px solid var(--line);
      }
      .group button:hover,
      .group button[aria-expanded="true"] {
        background: var(--accent-weak);
      }
      .group button:focus-visible {
        outline-offset: -3px;
      }
    `,
  ];

  #button(event: string, name: IconName, label: string) {
    return html`<button aria-label=${label} title=${label} @click=${() => this.emit(event)}>${icon(name, 20)}</button>`;
  }

  protected override render() {
    return html`<div class="group">
        <button aria-expanded=${this.layersOpen} @click=${() => this.emit("layers-toggle")}>
          ${icon("layers", 20)} ${t("layers.title")}
        </button>
      </div>
      <div class="group">
        ${this.#button("zoom-in", "plus", t("map.zoom_in"))} ${this.#button("zoom-out", "minus", t("map.zoom_out"))}
        ${this.#button("zoom-fit", "fit", t("map.fit"))}
      </div>`;
  }
}
