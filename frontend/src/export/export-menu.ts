import { css, html, nothing } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import { apiUrl, type Query } from "../api/client.ts";
import { number } from "../text/format.ts";
import { t } from "../text/index.ts";
import { controls } from "../ui/controls.ts";
import { KkElement } from "../ui/element.ts";
import { icon } from "../ui/icons.ts";

export const FORMATS = ["csv", "geojson"] as const;

/** Take home exactly what the list shows, as a table or for a GIS. */
@customElement("kk-export-menu")
export class KkExportMenu extends KkElement {
  @property({ attribute: false }) query: Query = {};
  @property({ type: Number }) count = 0;
  @property({ type: Boolean }) ownWeights = false;
  /** Keys of what the list shows, in its order, and the profile it is ranked for. */
  @property({ attribute: false }) units: readonly number[] = [];
  @property() profile = "";
  /** Only the sign, with its menu below it: for a row with little room. */
  @property({ type: Boolean }) compact = false;
  @state() private open = false;

  static override styles = [
    controls,
    css`
      :host {
        display: block;
        position: relative;
      }
      :host([compact]) .menu {
        top: calc(100% + 6px);
        bottom: auto;
        left: auto;
        width: 240px;
      }
      .button.wide {
        width: 100%;
      }
      .menu {
        position: absolute;
        z-index: 5;
        bottom: calc(100% + 6px);
        left: 0;
        right: 0;
        padding: 6px;
        border: 1px solid var(--line);
        border-radius: var(--radius);
        background: var(--surface);
        box-shadow: var(--shadow);
      }
      .menu a {
        display: block;
        padding: 7px 10px;
        border-radius: 4px;
        color: var(--ink);
        text-decoration: none;
      }
      .menu a:hover {
        background: var(--hover);
      }
      .menu strong {
        display: block;
        font-weight: 600;
        color: var(--accent);
      }
      .menu p {
        padding: 6px 10px;
      }
    `,
  ];

  #close = (event: Event): void => {
    if (!event.composedPath().includes(this)) this.open = false;
  };

  override connectedCallback(): void {
    super.connectedCallback();
    document.addEventListener("pointerdown", this.#close);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    document.removeEventListener("pointerdown", this.#close);
  }

  #key(event: KeyboardEvent): void {
    if (event.key !== "Escape" || !this.open) return;
    event.stopPropagation();
    this.open = false;
    this.renderRoot.querySelector("button")?.focus();
  }

  protected override render() {
    return html`<div @keydown=${this.#key}>
      <button
        class=${this.compact ? "quiet square" : "button wide"}
        aria-expanded=${this.open}
        aria-label=${this.compact ? t("export.button", { count: number(this.count) }) : nothing}
        ?disabled=${this.count === 0}
        @click=${() => {
          this.open = !this.open;
        }}
      >
        ${icon("download")} ${this.compact ? nothing : t("export.button", { count: number(this.count) })}
      </button>
      ${
        this.open
          ? html`<div class="menu">
            ${FORMATS.map(
              (format) => html`<a href=${apiUrl(`exports/shop-units.${format}`, this.query)} download
                @click=${() => {
                  this.open = false;
                }}
                ><strong>${t(`export.${format}`)}</strong><span class="small">${t(`export.${format}_for`)}</span></a
              >`,
            )}
            <kk-unit-files style="padding: 6px 10px" .units=${this.units} .profile=${this.profile}></kk-unit-files>
            <button
              class="quiet"
              @click=${() => {
                this.open = false;
                this.emit("downloads-open");
              }}
            >
              ${t("download.more")}
            </button>
            ${this.ownWeights ? html`<p class="small muted">${t("export.own_weights")}</p>` : nothing}
          </div>`
          : nothing
      }
    </div>`;
  }
}
