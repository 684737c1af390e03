import { css, html, nothing, type PropertyValues } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import { date } from "../text/format.ts";
import { t } from "../text/index.ts";
import { controls } from "../ui/controls.ts";
import { KkElement } from "../ui/element.ts";
import { icon } from "../ui/icons.ts";
import { dayOf, quarterDays, readPastDay, stepOf } from "./past-days.ts";

const STEP_MS = 1200;

/** Back through the years on the map: a step per quarter, any day by hand, and today with one press. */
@customElement("kk-time-slider")
export class KkTimeSlider extends KkElement {
  /** The past day that is shown; empty for today. */
  @property() on: string | null = null;
  readonly today = dayOf(new Date());
  /** Whether the units of the day are still on their way. */
  @property({ type: Boolean }) waiting = false;
  @state() private isOpen = false;
  @state() private isPlaying = false;
  #timer = 0;

  static override styles = [
    controls,
    css`
      :host {
        display: block;
      }
      .box {
        display: grid;
        gap: 6px;
        width: min(420px, 100%);
        padding: 8px 10px;
        border: 1px solid var(--line-2);
        border-radius: var(--radius);
        background: var(--surface);
        box-shadow: var(--shadow);
      }
      .box.past {
        border-color: #8a5a00;
        background: var(--warn-ground);
      }
      .row {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        gap: 6px;
      }
      .row strong {
        flex: 1;
      }
      input[type="range"] {
        flex: 1;
        min-width: 110px;
        height: 30px;
        accent-color: var(--accent);
      }
      input[type="date"] {
        min-height: 32px;
        width: 150px;
      }
      .open {
        box-shadow: var(--shadow);
        min-height: 38px;
      }
    `,
  ];

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#stop();
  }

  protected override updated(changed: PropertyValues): void {
    // The next step is taken only when the day before it is on the map.
    if (this.isPlaying && (changed.has("on") || changed.has("waiting"))) this.#schedule();
  }

  get #days(): string[] {
    return quarterDays(this.today);
  }

  #show(day: string, how: "push" | "replace"): void {
    this.emit("day-select", { on: readPastDay(day, this.today), how });
  }

  #step(by: number): void {
    const days = this.#days;
    const at = stepOf(days, this.on ?? this.today);
    // From between two steps, one back is the step it lies after.
    const isBetween = days[at] !== (this.on ?? this.today);
    const next = Math.min(days.length - 1, Math.max(0, at + by + (isBetween && by < 0 ? 1 : 0)));
    this.#show(days[next]!, "replace");
  }

  #schedule(): void {
    window.clearTimeout(this.#timer);
    if (this.waiting) return;
    if (!this.on) {
      this.#stop();
      return;
    }
    this.#timer = window.setTimeout(() => this.#step(1), STEP_MS);
  }

  #play(): void {
    if (this.isPlaying) {
      this.#stop();
      return;
    }
    this.isPlaying = true;
    if (this.on) this.#schedule();
    else this.#show(this.#days[0]!, "push");
  }

  #stop(): void {
    window.clearTimeout(this.#timer);
    this.isPlaying = false;
  }

  #toToday(): void {
    this.#stop();
    this.#show(this.today, "push");
  }

  #close(): void {
    this.isOpen = false;
    if (this.on) this.#toToday();
    void this.updateComplete.then(() => this.renderRoot.querySelector<HTMLElement>("button")?.focus());
  }

  #openUp(): void {
    this.isOpen = true;
    void this.updateComplete.then(() => this.renderRoot.querySelector<HTMLElement>("input")?.focus());
  }

  #controls(day: string) {
    const days = this.#days;
    return html`<div class="row">
        <button class="button" @click=${() => this.#step(-1)} aria-label=${t("time.earlier")} title=${t("time.earlier")}>
          ${icon("back")}
        </button>
        <input
          type="range"
          min="0"
          max=${days.length - 1}
          .value=${String(stepOf(days, day))}
          aria-label=${t("time.slider")}
          aria-valuetext=${date(day)}
          @input=${(event: Event) => {
            this.#stop();
            this.#show(days[Number((event.target as HTMLInputElement).value)]!, "replace");
          }}
        />
        <button class="button" @click=${() => this.#step(1)} aria-label=${t("time.later")} title=${t("time.later")}>
          ${icon("next")}
        </button>
      </div>
      <div class="row">
        <input
          type="date"
          class="field"
          aria-label=${t("time.day")}
          min="1900-01-01"
          max=${this.today}
          .value=${day}
          @change=${(event: Event) => {
            const { value } = event.target as HTMLInputElement;
            this.#stop();
            if (value) this.#show(value, "push");
          }}
        />
        <button class="button" aria-pressed=${this.isPlaying} @click=${this.#play}>
          ${t(this.isPlaying ? "time.stop" : "time.play")}
        </button>
      </div>`;
  }

  protected override render() {
    if (!this.isOpen && !this.on) {
      return html`<button class="button open" aria-expanded="false" @click=${this.#openUp}>${t("time.open")}</button>`;
    }
    const day = this.on ?? this.today;
    return html`<section class="box ${this.on ? "past" : ""}" aria-label=${t("time.title")}>
      <div class="row">
        <strong>${this.on ? t("time.as_of", { on: date(day) }) : t("time.now")}</strong>
        ${this.on ? html`<button class="button primary" @click=${this.#toToday}>${t("time.today")}</button>` : nothing}
        <button class="quiet square" aria-label=${t("time.close")} @click=${this.#close}>${icon("close")}</button>
      </div>
      ${this.#controls(day)}
    </section>`;
  }
}
