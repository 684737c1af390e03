import { css, html, nothing, type PropertyValues } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import { api } from "../api/client.ts";
import type { Sensor, Series, UnitFootfall } from "../api/types.ts";
import { metres, roughly } from "../text/format.ts";
import { t, tCode } from "../text/index.ts";
import { controls } from "../ui/controls.ts";
import { KkElement } from "../ui/element.ts";
import { IDLE, LOADING, type Loadable } from "../ui/loadable.ts";
import { footfallTables, monthChart, weekChart } from "./charts.ts";
import { type NearSensor, nearestSensors, openable } from "./nearest.ts";
import { everyMonth, perDay } from "./per-day.ts";
import { readProfile } from "./profile.ts";
import { KIND } from "./street-words.ts";

const MONTHS = 24;

/** The estimate at the door, in words with its interval, and the week and months of the sensors behind it. */
@customElement("kk-footfall-section")
export class KkFootfallSection extends KkElement {
  @property({ attribute: false }) footfall: UnitFootfall | null = null;
  @property({ attribute: false }) place: { lat: number; lon: number } | null = null;
  @property({ attribute: false }) sensors: readonly Sensor[] = [];
  @property({ attribute: false }) marketWeekdays: readonly number[] = [];
  @state() private chosen: number | null = null;
  @state() private near: NearSensor[] = [];
  @state() private series: Loadable<Series> = IDLE;
  #abort = new AbortController();

  static override styles = [
    controls,
    css`
      :host {
        display: grid;
        gap: 12px;
      }
      .chart {
        display: block;
        width: 100%;
      }
      h4 {
        margin: 0 0 4px;
        font-size: 13.5px;
        font-weight: 600;
        color: var(--ink-2);
      }
      text {
        font: 11.5px var(--font);
        fill: var(--ink-3);
      }
      select.field {
        width: auto;
        max-width: 100%;
      }
      label {
        display: flex;
        align-items: center;
        gap: 8px;
        flex-wrap: wrap;
      }
      summary {
        color: var(--accent);
        cursor: pointer;
        font-size: 14px;
      }
      .tables {
        display: grid;
        grid-template-columns: 1fr 1fr;
        gap: 16px;
        margin-top: 8px;
        font-size: 13.5px;
      }
      table {
        border-collapse: collapse;
        align-self: start;
      }
      caption {
        text-align: left;
        font-weight: 600;
      }
      th {
        text-align: left;
        font-weight: 400;
      }
      td {
        text-align: right;
      }
      .wait {
        height: 120px;
      }
    `,
  ];

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (!changed.has("footfall") && !changed.has("sensors")) return;
    const named = openable(this.footfall?.sensors ?? []);
    this.near = this.place ? nearestSensors(this.place, this.sensors, { named }) : named;
    if (!this.near.some(({ id }) => id === this.chosen) || changed.has("footfall")) {
      this.chosen = this.near[0]?.id ?? null;
    }
    this.#load();
  }

  #choose(id: number): void {
    this.chosen = id;
    this.#load();
  }

  #load(): void {
    this.#abort.abort();
    this.#abort = new AbortController();
    const { signal } = this.#abort;
    const id = this.chosen;
    const sensor = this.sensors.find((item) => item.id === id);
    if (id === null) {
      this.series = IDLE;
      return;
    }
    const end = sensor?.last_at ? new Date(sensor.last_at) : new Date();
    const from = new Date(Date.UTC(end.getUTCFullYear(), end.getUTCMonth() - MONTHS + 1, 1));
    this.series = LOADING;
    api.series(id, { interval: "month", from: from.toISOString() }, signal).then(
      (value) => {
        this.series = { status: "ready", value };
      },
      (error) => {
        if (!signal.aborted) this.series = { status: "error", error };
      },
    );
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#abort.abort();
  }

  #sentence(footfall: UnitFootfall) {
    if (typeof footfall.value !== "number") {
      return html`<p>
        ${footfall.footfall_class ? html`<span class="badge">${t(KIND[footfall.footfall_class])}</span>` : nothing}
        ${footfall.reason ? tCode("footfall_reason", footfall.reason) : t("footfall.none")}
      </p>`;
    }
    const hasRange = typeof footfall.lower === "number" && typeof footfall.upper === "number";
    return html`<p>
      ${
        hasRange
          ? t("footfall.estimate", {
              value: roughly(footfall.value),
              lower: roughly(footfall.lower!),
              upper: roughly(footfall.upper!),
            })
          : t("footfall.estimate_bare", { value: roughly(footfall.value) })
      }
      ${footfall.passage_class ? html`<span class="badge">${t("footfall.class", { name: footfall.passage_class })}</span>` : nothing}
    </p>`;
  }

  #charts() {
    const { series } = this;
    if (series.status === "loading")
      return html`<div class="skeleton wait" role="status" aria-label=${t("loading")}></div>`;
    if (series.status === "error")
      return html`<kk-error .error=${series.error} @retry=${this.#retry}></kk-error>`;
    if (series.status === "idle") return nothing;
    const profile = readProfile(series.value.profile);
    const months = everyMonth(series.value.items).map(perDay);
    if (!profile && months.every((item) => item.value === null)) {
      return html`<p class="small muted">${t("footfall.no_counts")}</p>`;
    }
    return html`${
      profile
        ? html`<div>
          <h4>${t("footfall.week")}</h4>
          ${weekChart(profile, this.marketWeekdays)}
        </div>`
        : nothing
    }
    ${
      months.length > 1
        ? html`<div>
          <h4>${t("footfall.months")}</h4>
          ${monthChart(months)}
          ${
            months.some((item) => item.value !== null && item.coverage < 0.9)
              ? html`<p class="small muted">${t("footfall.partial")}</p>`
              : nothing
          }
        </div>`
        : nothing
    }
    <details>
      <summary>${t("as_table")}</summary>
      ${footfallTables(profile, months)}
    </details>`;
  }

  #retry(event: Event): void {
    event.stopPropagation();
    this.#load();
  }

  protected override render() {
    const { footfall } = this;
    if (!footfall) return html`<p class="small muted">${t("footfall.none")}</p>`;
    return html`${this.#sentence(footfall)}
    ${
      this.near.length
        ? html`<label class="small"
          >${t("footfall.sensor")}
          <select class="field" @change=${(event: Event) => this.#choose(Number((event.target as HTMLSelectElement).value))}>
            ${this.near.map(
              (sensor) => html`<option value=${sensor.id} .selected=${sensor.id === this.chosen}>
                ${
                  sensor.distance_m === null
                    ? sensor.name
                    : t("footfall.sensor_at", { name: sensor.name, distance: metres(sensor.distance_m) })
                }
              </option>`,
            )}
          </select></label
        >`
        : nothing
    }
    ${this.#charts()}`;
  }
}
