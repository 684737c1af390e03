import { css, html, nothing } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import { api } from "../api/client.ts";
import type { Catchment } from "../api/types.ts";
import { date } from "../text/format.ts";
import { t } from "../text/index.ts";
import { controls } from "../ui/controls.ts";
import { KkElement } from "../ui/element.ts";
import { icon } from "../ui/icons.ts";
import { momentText } from "./moment-text.ts";
import { sectionStyle } from "./section.css.ts";
import { staleText } from "./stale-text.ts";

/** The stored catchment on the screen: its name, when it was computed, and its earlier runs. */
@customElement("kk-stored-head")
export class KkStoredHead extends KkElement {
  @property({ attribute: false }) stored: Catchment["stored"] | null = null;
  @property({ type: Boolean }) comparing = false;
  @state() private isBusy = false;
  @state() private error: unknown = null;

  static override styles = [
    controls,
    sectionStyle,
    css`
      .box {
        display: grid;
        gap: 6px;
        padding: 10px 12px;
        border: 1px solid var(--line);
        border-radius: var(--radius);
        background: var(--ground);
      }
      .box.stale {
        border-color: #e3c36b;
        background: var(--warn-ground);
      }
      .field {
        width: auto;
      }
    `,
  ];

  async #recompute(): Promise<void> {
    const { stored } = this;
    if (!stored || this.isBusy) return;
    this.isBusy = true;
    this.error = null;
    try {
      await api.recomputeCatchment(stored.id);
      this.emit("catchment-recomputed", { id: stored.id });
    } catch (error) {
      this.error = error;
    }
    this.isBusy = false;
  }

  #runs(stored: NonNullable<Catchment["stored"]>) {
    if (stored.runs.length < 2) return nothing;
    const newest = stored.runs[0]!;
    const earlier = stored.runs.find((run) => run.id < stored.run.id) ?? stored.runs.at(-1)!;
    return html`<div class="row">
      <select
        class="field"
        aria-label=${t("stored.runs")}
        @change=${(event: Event) => {
          const id = Number((event.target as HTMLSelectElement).value);
          const run = id === newest.id ? null : id;
          this.emit("catchment-ask", { patch: { stored: { id: stored.id, run }, versus: null } });
        }}
      >
        ${stored.runs.map(
          (run) =>
            html`<option value=${run.id} .selected=${run.id === stored.run.id}>${momentText(run.computed_at)}</option>`,
        )}
      </select>
      ${
        earlier.id === stored.run.id
          ? nothing
          : html`<button
            class="quiet"
            aria-pressed=${this.comparing}
            @click=${() =>
              this.emit("catchment-ask", {
                patch: { versus: this.comparing ? null : { id: stored.id, run: earlier.id } },
              })}
          >
            ${t(this.comparing ? "stored.comparing" : "stored.compare_earlier")}
          </button>`
      }
    </div>`;
  }

  protected override render() {
    const { stored } = this;
    if (!stored) return nothing;
    return html`<div class="box ${stored.is_stale ? "stale" : ""}">
      <h2>${stored.name}</h2>
      <p class="small">
        ${t("stored.computed", { date: date(stored.run.computed_at) })}
        ${stored.is_stale ? html`<strong>${t("stored.stale")}.</strong> ${staleText(stored.stale_because)}` : nothing}
      </p>
      <div class="row">
        <button class="button" ?disabled=${this.isBusy} @click=${() => void this.#recompute()}>
          ${icon("reset", 16)} ${t("stored.recompute")}
        </button>
        <button class="quiet" @click=${() => this.emit("catchment-ask", { patch: { stored: null, versus: null } })}>
          ${t("stored.leave")}
        </button>
      </div>
      ${this.#runs(stored)}
      ${this.error ? html`<kk-catchment-error .error=${this.error} plain></kk-catchment-error>` : nothing}
    </div>`;
  }
}
