import { html, nothing } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import { api } from "../api/client.ts";
import type { CountFinding, FindingAround, FindingVerdict } from "../api/types.ts";
import { date } from "../text/format.ts";
import { language, t, tCode } from "../text/index.ts";
import { controls } from "../ui/controls.ts";
import { KkElement } from "../ui/element.ts";
import { icon } from "../ui/icons.ts";
import { IDLE, type Loadable, load } from "../ui/loadable.ts";
import { findingStyle, qualityStyle } from "./quality.css.ts";
import { aroundChart } from "./quality-chart.ts";

/** One thing that looks wrong in the counts: what it is in a sentence, the days around it, and two buttons. */
@customElement("kk-count-finding")
export class KkCountFinding extends KkElement {
  @property({ attribute: false }) finding!: CountFinding;
  @property({ type: Boolean }) busy = false;
  /** Draw the days around it at once? */
  @property({ type: Boolean }) open = false;
  @state() private around: Loadable<FindingAround> = IDLE;
  @state() private reason = "";
  #asked: AbortController | null = null;

  static override styles = [controls, qualityStyle, findingStyle];

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#asked?.abort();
  }

  #show(event: Event): void {
    if ((event.target as HTMLDetailsElement).open && this.around.status === "idle") this.#load();
  }

  #load(): void {
    this.#asked?.abort();
    this.#asked = new AbortController();
    const { signal } = this.#asked;
    void load(
      () => api.findingAround(this.finding.id, language(), signal),
      (value) => {
        this.around = value;
      },
      signal,
    );
  }

  #decide(verdict: FindingVerdict): void {
    this.emit("finding-decide", { finding: this.finding, verdict, reason: this.reason.trim() || null });
  }

  #chart() {
    const { around } = this;
    if (around.status === "error") {
      return html`<kk-error
        .error=${around.error}
        @retry=${(event: Event) => {
          event.stopPropagation();
          this.#load();
        }}
      ></kk-error>`;
    }
    if (around.status !== "ready") {
      return html`<div class="skeleton wait" role="status" aria-label=${t("loading")}></div>`;
    }
    const other = this.finding.kind === "twin" ? "cq.other_sensor" : "cq.usual";
    return html`${aroundChart(around.value)}
      <ul class="legend small">
        <li><i class="line"></i>${t("cq.counted")}</li>
        <li><i class="line dashed"></i>${t(other)}</li>
      </ul>
      ${around.value.step === "hour_of_day" ? html`<p class="small muted">${t("cq.mean_day")}</p>` : nothing}`;
  }

  #verdicts() {
    const { finding } = this;
    if (!finding.is_decidable) return nothing;
    if (finding.state !== "open") {
      return html`<p class="small">
          <strong>${t(finding.state === "confirmed" ? "cq.is_wrong" : "cq.is_right")}</strong>
          ${t("cq.decided", { by: finding.decided_by ?? "", on: date(finding.decided_at!.slice(0, 10)) })}
          ${finding.reason ? html`<q>${finding.reason}</q>` : nothing}
        </p>
        <button class="quiet" ?disabled=${this.busy} @click=${() => this.emit("finding-undo", { finding })}>
          ${icon("reset", 16)} ${t("cq.take_back")}
        </button>`;
    }
    return html`<label class="small"
        >${t("cq.reason")}
        <input
          class="field"
          maxlength="500"
          placeholder=${t("cq.reason_hint")}
          .value=${this.reason}
          @input=${(event: Event) => {
            this.reason = (event.target as HTMLInputElement).value;
          }}
      /></label>
      <div class="verdicts" role="group" aria-label=${t("cq.judge", { sensor: finding.sensor })}>
        <button class="button" ?disabled=${this.busy} @click=${() => this.#decide("overruled")}>
          ${t("cq.right")}
        </button>
        <button class="button" ?disabled=${this.busy} @click=${() => this.#decide("confirmed")}>
          ${t("cq.wrong")}
        </button>
      </div>`;
  }

  protected override firstUpdated(): void {
    if (this.open) this.#load();
  }

  protected override render() {
    const { finding } = this;
    return html`<div class="head">
        <h4>${tCode("count_finding_kind", finding.kind)}</h4>
        ${
          finding.is_decidable
            ? html`<span class="small ${finding.is_counted ? "muted" : "out"}"
                >${t(finding.is_counted ? "cq.counts" : "cq.left_out")}</span
              >`
            : nothing
        }
      </div>
      <p>${finding.sentence}</p>
      <details ?open=${this.open} @toggle=${this.#show}>
        <summary>${t("cq.show")}</summary>
        ${this.#chart()}
      </details>
      ${this.#verdicts()}`;
  }
}
