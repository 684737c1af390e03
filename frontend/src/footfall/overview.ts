import { html, nothing, type PropertyValues, type TemplateResult } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import { api, apiUrl } from "../api/client.ts";
import type { FootfallOverview, SensorOverview, Series } from "../api/types.ts";
import { date, number, percent } from "../text/format.ts";
import { t } from "../text/index.ts";
import { Asked } from "../ui/asked.ts";
import { controls } from "../ui/controls.ts";
import { KkElement } from "../ui/element.ts";
import { sectionStyle } from "../ui/section.css.ts";
import { sensorChoice } from "../ui/sensor-choice.ts";
import { heatMap, heatTable } from "./heat-map.ts";
import { overviewStyle } from "./overview.css.ts";
import { readProfile } from "./profile.ts";
import { type IndexLine, indexChart, yearChart, yearTable } from "./year-chart.ts";

const COLOURS = ["#0b5563", "#b8400e", "#6a4c93", "#2f7d32", "#8a6d00", "#3d5a80"] as const;
const DASHES = ["", "6 3", "2 3", "8 3 2 3", "", "6 3"] as const;
const MOST_LINES = COLOURS.length;
/** Below this a change is noise of weather and calendar: it is called the same. */
const SAME = 0.02;

/** The city page: what each sensor counts, its usual week, its year against the last, and how sensors and towns compare. */
@customElement("kk-footfall-overview")
export class KkFootfallOverview extends KkElement {
  @property() municipality = "";
  /** The sensor asked for; null for the busiest. */
  @property({ attribute: false }) sensor: number | null = null;
  /** The sensor that is shown. */
  @state() private chosen: number | null = null;
  @state() private by: "sensors" | "towns" = "sensors";
  @state() private others: readonly string[] = [];
  readonly #overview = new Asked(this, (signal) =>
    this.municipality ? api.footfallOverview(this.municipality, signal) : null,
  );
  readonly #series = new Asked(this, (signal) =>
    this.chosen === null ? null : api.series(this.chosen, { interval: "month" }, signal),
  );
  readonly #comparison = new Asked(this, (signal) =>
    this.others.length ? api.footfallComparison([this.municipality, ...this.others], signal) : null,
  );

  static override styles = [controls, sectionStyle, overviewStyle];

  protected override willUpdate(changed: PropertyValues): void {
    if (changed.has("municipality")) {
      this.others = [];
      void this.#overview.anew();
      void this.#comparison.anew();
    }
    const items = this.#overview.value?.items ?? [];
    const chosen = (items.find(({ id }) => id === this.sensor) ?? busiest(items))?.id ?? null;
    if (chosen === this.chosen) return;
    this.chosen = chosen;
    void this.#series.anew();
  }

  #toggleTown(nis: string, isOn: boolean): void {
    this.others = isOn ? [...this.others, nis] : this.others.filter((other) => other !== nis);
    void (this.others.length ? this.#comparison.again() : this.#comparison.anew());
  }

  #answer({ latest }: SensorOverview) {
    if (latest?.per_day == null) return html`<p class="answer">${t("passing.not_yet")}</p>`;
    const { change_share: change } = latest;
    return html`<p class="answer">${t("passing.answer", { value: tens(latest.per_day) })}</p>
      <p>
        ${
          change === null
            ? t("passing.no_last_year")
            : Math.abs(change) < SAME
              ? t("passing.same", { before: tens(latest.before_per_day!) })
              : t(change > 0 ? "passing.more" : "passing.less", {
                  share: percent(Math.abs(change), 0),
                  before: tens(latest.before_per_day!),
                })
        }
      </p>
      <p class="small muted">
        ${t("passing.rests", { from: date(latest.from), to: date(latest.to), weeks: latest.n_weeks })}
      </p>`;
  }

  #week(series: Series) {
    const profile = readProfile(series.profile);
    if (!profile) return html`<p class="small muted">${t("footfall.no_counts")}</p>`;
    return html`${heatMap(profile)}
      <details>
        <summary>${t("as_table")}</summary>
        ${heatTable(profile)}
      </details>`;
  }

  #year({ weeks }: SensorOverview) {
    const known = weeks.filter(({ per_day }) => per_day !== null);
    const year = known.at(-1)?.year;
    if (year === undefined) return html`<p class="small muted">${t("passing.no_weeks")}</p>`;
    return html`${yearChart(weeks, year)}
      <ul class="legend small">
        <li><i style="border-color:#0b5563"></i>${year}</li>
        <li><i style="border-color:#84919a"></i>${year - 1}</li>
      </ul>
      <p class="small muted">${t("passing.gaps")}</p>
      <details>
        <summary>${t("as_table")}</summary>
        ${yearTable(weeks, year)}
      </details>`;
  }

  #lines(overview: FootfallOverview): IndexLine[] {
    const towns = this.#comparison.value?.items;
    const own = overview.towns.find(({ nis_code }) => nis_code === this.municipality);
    const named: Omit<IndexLine, "colour" | "dash">[] =
      this.by === "sensors"
        ? overview.items
        : (towns ?? (own ? [{ name: own.name, weeks: overview.town }] : []));
    return named
      .slice(0, MOST_LINES)
      .map((line, i) => ({ name: line.name, weeks: line.weeks, colour: COLOURS[i]!, dash: DASHES[i]! }));
  }

  #compare(overview: FootfallOverview) {
    const lines = this.#lines(overview);
    const others = overview.towns.filter(({ nis_code }) => nis_code !== this.municipality);
    const isFull = this.others.length >= MOST_LINES - 1;
    return html`<section aria-labelledby="compare">
      <h2 id="compare">${t("passing.compare")}</h2>
      <div class="choice" role="group" aria-labelledby="compare">
        ${(["sensors", "towns"] as const).map(
          (by) => html`<button
            class="button"
            aria-pressed=${this.by === by}
            @click=${() => {
              this.by = by;
            }}
          >
            ${t(by === "sensors" ? "passing.by_sensors" : "passing.by_towns")}
          </button>`,
        )}
      </div>
      ${
        this.by === "towns"
          ? html`<fieldset>
            <legend class="small">${t("passing.towns")}</legend>
            ${others.length === 0 ? html`<p class="small muted">${t("passing.no_towns")}</p>` : nothing}
            ${others.map(({ nis_code, name }) => {
              const isOn = this.others.includes(nis_code);
              return html`<label class="small"
                ><input
                  type="checkbox"
                  .checked=${isOn}
                  ?disabled=${isFull && !isOn}
                  @change=${(event: Event) => this.#toggleTown(nis_code, (event.target as HTMLInputElement).checked)}
                />${name}</label
              >`;
            })}
          </fieldset>`
          : nothing
      }
      ${this.#comparison.draw(() => nothing, nothing)}
      ${indexChart(lines)}
      <ul class="legend small">
        ${lines.map(
          ({ name, colour, dash }) =>
            html`<li><i style="border-color:${colour};border-top-style:${dash ? "dashed" : "solid"}"></i>${name}</li>`,
        )}
      </ul>
      <p class="small muted">${t(this.by === "sensors" ? "passing.index_note" : "passing.town_note")}</p>
    </section>`;
  }

  #sensor(overview: FootfallOverview, sensor: SensorOverview): TemplateResult {
    return html`${sensorChoice(overview.items, sensor.id, (id) => this.emit("view-change", { sensor: id }))}
      <section aria-live="polite">${this.#answer(sensor)}</section>
      <section aria-labelledby="week">
        <h2 id="week">${t("footfall.week")}</h2>
        ${this.#series.draw(
          (series) => this.#week(series),
          html`<div class="skeleton wait" role="status" aria-label=${t("loading")}></div>`,
        )}
      </section>
      <section aria-labelledby="year">
        <h2 id="year">${t("passing.year")}</h2>
        ${this.#year(sensor)}
      </section>
      ${this.#compare(overview)}
      <section>
        <p class="small">
          <a href=${apiUrl(`footfall/sensors/${sensor.id}/series.csv`, { interval: "hour", from: yearBefore(sensor) })} download
            >${t("passing.file_hours")}</a
          >
          ·
          <a href=${apiUrl("footfall/weeks.csv", { municipality: this.municipality })} download>${t("passing.file")}</a>
        </p>
        <p class="small muted">
          ${t("passing.note", { source: sensor.source ?? t("unknown"), total: number(overview.items.length) })}
        </p>
      </section>`;
  }

  #drawn(overview: FootfallOverview): TemplateResult {
    const sensor = overview.items.find(({ id }) => id === this.chosen);
    if (!sensor) {
      return html`<kk-empty .heading=${t("passing.none")} .text=${t("passing.none_hint")}
        ><code>./kernkaart run import sensors</code></kk-empty
      >`;
    }
    return this.#sensor(overview, sensor);
  }

  protected override render() {
    return this.#overview.draw((overview) => this.#drawn(overview));
  }
}

/** The sensor that counts most lately, else the first. */
function busiest(items: readonly SensorOverview[]): SensorOverview | null {
  return items.reduce<SensorOverview | null>(
    (most, item) => ((item.latest?.per_day ?? -1) > (most?.latest?.per_day ?? -1) ? item : (most ?? item)),
    null,
  );
}

/** A sensor does not count to the single person. */
function tens(value: number): string {
  return number(Math.round(value / 10) * 10);
}

/** A year before the latest whole week, as the day on which it begins. */
function yearBefore({ latest }: SensorOverview): string | null {
  return latest && new Date(Date.parse(latest.to) - 365 * 86_400_000).toISOString();
}
