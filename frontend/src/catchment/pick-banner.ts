import { css, html, nothing } from "lit";
import { customElement, property } from "lit/decorators.js";
import type { StreetSegment } from "../api/types.ts";
import { metres } from "../text/format.ts";
import { t } from "../text/index.ts";
import { controls } from "../ui/controls.ts";
import { KkElement } from "../ui/element.ts";
import { icon } from "../ui/icons.ts";
import type { Pick } from "./pick.ts";

/** What a click on the map will do now, what it found, and how to leave. */
@customElement("kk-pick-banner")
export class KkPickBanner extends KkElement {
  @property({ attribute: false }) pick: Pick | null = null;

  static override styles = [
    controls,
    css`
      :host {
        display: block;
        max-width: 460px;
      }
      .box {
        display: grid;
        gap: 8px;
        padding: 10px 12px;
        border: 1px solid var(--line-2);
        border-left: 4px solid var(--accent);
        border-radius: var(--radius);
        background: var(--surface);
        box-shadow: var(--shadow);
      }
      .row {
        display: flex;
        flex-wrap: wrap;
        gap: 6px;
      }
      @media (hover: none) {
        .keys {
          display: none;
        }
      }
      .words {
        font-weight: 600;
        line-height: 1.3;
      }
    `,
  ];

  #cancel() {
    return html`<button class="button" @click=${() => this.emit("catchment-pick", { pick: null })}>
      ${icon("close", 16)} ${t("pick.cancel")}
    </button>`;
  }

  #change(ids: readonly number[], isOpen: boolean): void {
    this.emit("street-change", { ids, isOpen });
  }

  #street(street: StreetSegment) {
    const { name, length_m: length, is_open: isOpen, same_name: same } = street.properties;
    const pieces = same.length > 1 ? same : [street.id];
    return html`<p class="words">
        ${t(isOpen ? "pick.close_which" : "pick.open_which", { name: name ?? t("pick.nameless") })}
      </p>
      <div class="row">
        <button class="button ${pieces.length > 1 ? "" : "primary"}" @click=${() => this.#change([street.id], isOpen)}>
          ${t("pick.piece", { length: metres(length) })}
        </button>
        ${
          pieces.length > 1
            ? html`<button class="button primary" @click=${() => this.#change(pieces, isOpen)}>
              ${t("pick.whole", { count: pieces.length })}
            </button>`
            : nothing
        }
        ${this.#cancel()}
      </div>`;
  }

  #barrier(points: number) {
    return html`<p class="words">${t(points ? "pick.barrier_more" : "pick.barrier")}</p>
      <div class="row">
        ${
          points > 1
            ? html`<button class="button primary" @click=${() => this.emit("barrier-done")}>${icon("check", 16)} ${t("pick.done")}</button>`
            : nothing
        }
        ${points ? html`<button class="button" @click=${() => this.emit("barrier-back")}>${t("pick.back")}</button>` : nothing}
        ${this.#cancel()}
      </div>`;
  }

  #zone(points: number) {
    return html`<p class="words">${t(points ? "evt.zone_more" : "evt.zone")}</p>
      <p class="small muted keys">${t("pick.keys")}</p>
      <div class="row">
        ${
          points > 2
            ? html`<button class="button primary" @click=${() => this.emit("event-zone-done")}>${icon("check", 16)} ${t("pick.done")}</button>`
            : nothing
        }
        ${points ? html`<button class="button" @click=${() => this.emit("barrier-back")}>${t("pick.back")}</button>` : nothing}
        ${this.#cancel()}
      </div>`;
  }

  #inside(pick: Pick) {
    if (pick.kind === "street" && pick.found) return this.#street(pick.found);
    if (pick.kind === "event" && pick.shape === "zone") return this.#zone(pick.line.length);
    if (pick.kind === "barrier") return this.#barrier(pick.line.length);
    const words = pick.kind === "street" && pick.isAsking ? "loading" : (`pick.${pick.kind}` as const);
    return html`<p class="words">${t(words)}</p>
      ${pick.kind === "street" && pick.error ? html`<kk-catchment-error .error=${pick.error} .plain=${true}></kk-catchment-error>` : nothing}
      <p class="small muted keys">${t("pick.keys")}</p>
      <div class="row">${this.#cancel()}</div>`;
  }

  protected override render() {
    if (!this.pick) return nothing;
    return html`<div class="box" role="status">${this.#inside(this.pick)}</div>`;
  }
}
