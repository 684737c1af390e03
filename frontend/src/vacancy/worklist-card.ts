import { css, html, nothing } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import type { WorklistItem, WorklistSide, WorklistVerdict } from "../api/types.ts";
import { date } from "../text/format.ts";
import { t, tCode } from "../text/index.ts";
import { controls } from "../ui/controls.ts";
import { KkElement } from "../ui/element.ts";
import { icon } from "../ui/icons.ts";

/** One thing to look at: both sources side by side, and a button for each thing that may be decided. */
@customElement("kk-worklist-card")
export class KkWorklistCard extends KkElement {
  @property({ attribute: false }) item!: WorklistItem;
  @property({ type: Boolean }) busy = false;
  /** Is the unit the one that is open beside the map? */
  @property({ type: Boolean, reflect: true }) selected = false;
  @state() private isChanging = false;
  /** Why it is decided so; null: nobody asked to say why. */
  @state() private reason: string | null = null;

  static override styles = [
    controls,
    css`
      :host {
        display: block;
        padding: 10px 0 12px;
        border-bottom: 1px solid var(--line);
      }
      :host([selected]) {
        margin: 0 -16px;
        padding: 10px 16px 12px;
        background: var(--accent-weak);
      }
      .head {
        display: flex;
        flex-wrap: wrap;
        gap: 2px 8px;
        align-items: baseline;
      }
      .open {
        padding: 0;
        border: 0;
        background: none;
        color: var(--accent);
        font-weight: 600;
        text-align: left;
      }
      .open:hover {
        text-decoration: underline;
      }
      .sides {
        display: grid;
        grid-template-columns: 1fr 1fr;
        gap: 8px;
        margin: 6px 0;
      }
      .side {
        padding: 6px 9px;
        border: 1px solid var(--line);
        border-radius: var(--radius);
        background: var(--surface);
        font-size: 14px;
        line-height: 1.3;
        overflow-wrap: anywhere;
      }
      .side.wide {
        grid-column: 1 / -1;
      }
      .source {
        margin-bottom: 2px;
        color: var(--ink-3);
        font-size: 12.5px;
      }
      .why {
        min-height: 28px;
        padding: 2px 6px 2px 0;
        font-size: 13px;
      }
      .reason {
        display: grid;
        gap: 2px;
        font-size: 13px;
      }
      .verdicts {
        display: flex;
        flex-wrap: wrap;
        gap: 6px;
        margin-top: 6px;
      }
      .verdicts .button {
        min-height: 32px;
        padding: 2px 10px;
        font-size: 13.5px;
      }
      kbd {
        padding: 0 4px;
        border: 1px solid currentColor;
        border-radius: 3px;
        font: 600 11px/15px var(--font);
      }
      @media (max-width: 899px) {
        kbd {
          display: none;
        }
        .verdicts .button {
          min-height: 40px;
        }
      }
    `,
  ];

  override focus(): void {
    this.renderRoot.querySelector<HTMLElement>(".open")?.focus();
  }

  /** Settle with the verdict at a place, as the number keys do. */
  choose(place: number): void {
    const verdict = this.item.verdicts[place];
    if (verdict && !this.busy) this.#settle(verdict);
  }

  get #why(): string | null {
    return this.reason?.trim() || null;
  }

  #settle(verdict: WorklistVerdict): void {
    if (verdict !== "register_right") {
      this.emit("worklist-settle", { item: this.item, verdict, change: null, reason: this.#why });
      return;
    }
    this.isChanging = true;
    void this.updateComplete.then(() =>
      this.renderRoot.querySelector<HTMLElement>("kk-worklist-form")?.focus(),
    );
  }

  #side(side: WorklistSide, isWide: boolean) {
    return html`<div class="side ${isWide ? "wide" : ""}">
      <p class="source">${side.source}${side.observed_on ? ` · ${date(side.observed_on)}` : ""}</p>
      ${side.says.map((sentence) => html`<p>${sentence}</p>`)}
    </div>`;
  }

  #askReason() {
    return html`<button
      class="quiet why"
      aria-label=${t("worklist.why_of", { name: this.item.address })}
      @click=${() => {
        this.reason = "";
        void this.updateComplete.then(() => this.renderRoot.querySelector<HTMLElement>("#reason")?.focus());
      }}
    >
      ${icon("plus", 16)} ${t("worklist.why")}
    </button>`;
  }

  #reason(reason: string) {
    return html`<label class="reason"
      >${t("worklist.reason")}
      <input
        id="reason"
        class="field"
        maxlength="500"
        .value=${reason}
        @input=${(event: Event) => {
          this.reason = (event.target as HTMLInputElement).value;
        }}
        @keydown=${(event: KeyboardEvent) => {
          // The numbers here are text, not decisions.
          event.stopPropagation();
          if (event.key !== "Escape") return;
          this.reason = null;
          this.focus();
        }}
    /></label>`;
  }

  protected override render() {
    const { item } = this;
    return html`<div class="head">
        <button
          class="open"
          aria-keyshortcuts="ArrowUp ArrowDown 1 2 3 4"
          @click=${() => this.emit("unit-select", { id: item.shop_unit_id })}
        >
          ${item.address || t("list.no_address")}
        </button>
        <span class="small muted">${tCode("worklist_kind", item.kind)}</span>
      </div>
      <div class="sides">
        ${this.#side(item.survey, !item.other)} ${item.other ? this.#side(item.other, false) : nothing}
      </div>
      ${this.reason === null ? nothing : this.#reason(this.reason)}
      ${
        this.isChanging && item.change
          ? html`<kk-worklist-form
            .change=${item.change}
            ?busy=${this.busy}
            @worklist-cancel=${() => {
              this.isChanging = false;
              void this.updateComplete.then(() => this.focus());
            }}
            @worklist-write=${(event: CustomEvent) =>
              this.emit("worklist-settle", {
                item,
                verdict: "register_right",
                change: event.detail,
                reason: this.#why,
              })}
          ></kk-worklist-form>`
          : html`<div class="verdicts" role="group" aria-label=${t("worklist.settle", { name: item.address })}>
            ${item.verdicts.map(
              (verdict, i) => html`<button
                class="button ${verdict === item.suggestion ? "primary" : ""}"
                ?disabled=${this.busy}
                title=${verdict === item.suggestion ? t("worklist.suggested") : ""}
                @click=${() => this.#settle(verdict)}
              >
                <kbd aria-hidden="true">${i + 1}</kbd> ${tCode("worklist_verdict", verdict)}
              </button>`,
            )}
            ${this.reason === null ? this.#askReason() : nothing}
          </div>`
      }`;
  }
}
