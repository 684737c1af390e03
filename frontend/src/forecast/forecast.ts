import { html, nothing, type PropertyValues, type TemplateResult } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import { api, apiUrl } from "../api/client.ts";
import type { DayMark, ForecastDay, ForecastIssue, ForecastOverview, SensorForecast } from "../api/types.ts";
import { date, percent } from "../text/format.ts";
import { t, tCode } from "../text/index.ts";
import { Asked, Done } from "../ui/asked.ts";
import { controls } from "../ui/controls.ts";
import { KkElement } from "../ui/element.ts";
import { sectionStyle } from "../ui/section.css.ts";
import { sensorChoice } from "../ui/sensor-choice.ts";
import { busiestHour, dayName, hourChart, hourOf, hoursOf, range, round, top } from "./bands.ts";
import { hitCard } from "./hit-card.ts";
import { forecastStyle } from "./section.css.ts";
import { shownSensor } from "./shown-sensor.ts";

const COUNTRIES = ["FR", "NL"] as const;

/** How busy it will be: a fortnight of one sensor with its band, what makes days special, and how good it was before. */
@customElement("kk-forecast")
export class KkForecast extends KkElement {
  @property() municipality = "";
  /** The sensor asked for; null for the busiest. */
  @property({ attribute: false }) sensor: number | null = null;
  @state() private chosen: number | null = null;
  @state() private day: string | null = null;
  @state() private hasChanged = false;
  readonly #overview = new Asked(this, (signal) =>
    this.municipality ? api.forecasts(this.municipality, signal) : null,
  );
  readonly #hits = new Asked(this, (signal) =>
    this.municipality ? api.forecastHits(this.municipality, signal) : null,
  );
  readonly #forecast = new Asked(this, (signal) =>
    this.chosen === null ? null : api.forecast(this.chosen, signal),
  );
  readonly #countries = new Done(this);

  static override styles = [controls, sectionStyle, forecastStyle];

  protected override willUpdate(changed: PropertyValues): void {
    if (changed.has("municipality")) {
      this.hasChanged = false;
      void this.#overview.anew();
      void this.#hits.anew();
    }
    const chosen = shownSensor(this.#overview.value?.items ?? [], this.sensor);
    if (chosen === this.chosen) return;
    this.chosen = chosen;
    this.day = null;
    void this.#forecast.anew();
  }

  async #setCountry(country: "FR" | "NL", isOn: boolean, before: readonly string[]): Promise<void> {
    const next = isOn ? [...before, country] : before.filter((other) => other !== country);
    this.hasChanged = await this.#countries.run(async () => {
      this.#overview.put(await api.setHolidayCountries(this.municipality, next));
    });
  }

  #marks(marks: readonly DayMark[], isLess: boolean): TemplateResult | typeof nothing {
    if (!marks.length && !isLess) return nothing;
    return html`<span class="marks">
      ${isLess ? html`<span class="badge warn">${t("forecast.less_certain")}</span>` : nothing}
      ${marks.map((mark) => html`<span class="badge">${markName(mark)}</span>`)}
    </span>`;
  }

  #dayRow(day: ForecastDay, highest: number): TemplateResult {
    const at = (value: number) => `${((100 * value) / highest).toFixed(1)}%`;
    const shown = Math.min(day.expected, highest);
    return html`<li>
      <button class="day" aria-pressed=${day.on === this.#dayOf()} @click=${() => {
        this.day = day.on;
      }}>
        <span>${dayName(day.on)}</span>
        <span class="track" aria-hidden="true">
          <i class=${day.is_less_certain ? "less" : ""} style="left:${at(day.q10)};width:${at(day.q90 - day.q10)}"></i>
          <b style="left:${at(shown)}"></b>
        </span>
        <span class="range num">${range(day)}</span>
        ${this.#marks(day.marks, day.is_less_certain)}
      </button>
    </li>`;
  }

  #dayOf(): string | null {
    const days = this.#forecast.value?.days ?? [];
    return this.day ?? days[0]?.on ?? null;
  }

  #hours(told: SensorForecast): TemplateResult | typeof nothing {
    const on = this.#dayOf();
    const hours = on ? hoursOf(told.hours, on) : [];
    const most = busiestHour(hours);
    if (!on || !most) return nothing;
    const hour = hourOf(most);
    return html`<section aria-labelledby="hours" aria-live="polite">
      <h2 id="hours">${t("forecast.hours_of", { day: dayName(on, "long") })}</h2>
      <p>
        ${t("forecast.busiest", { hour, next: hour + 1, low: round(most.q10), high: round(most.q90) })}
      </p>
      ${hourChart(hours, on)}
      <p class="small muted">${t("forecast.legend")}</p>
      <details>
        <summary>${t("as_table")}</summary>
        <table class="num">
          <caption>
            ${t("forecast.table_of", { day: dayName(on, "long") })}
          </caption>
          <thead>
            <tr>
              <th scope="col">${t("forecast.column_hour")}</th>
              <th scope="col">${t("forecast.column_expected")}</th>
              <th scope="col">${t("forecast.column_band")}</th>
            </tr>
          </thead>
          <tbody>
            ${hours.map(
              (each) => html`<tr>
                <th scope="row">${t("forecast.hour", { hour: hourOf(each) })}</th>
                <td>${round(each.expected)}</td>
                <td>${range(each)}</td>
              </tr>`,
            )}
          </tbody>
        </table>
      </details>
    </section>`;
  }

  #rests(told: SensorForecast, issue: ForecastIssue): TemplateResult {
    const missed = issue.missed[issue.method];
    return html`<p class="small muted">
      ${t("forecast.rests", {
        until: date(issue.counted_until),
        days: told.n_days,
        method: tCode("fmethod", issue.method),
        source: issue.source ?? t("unknown"),
      })}
      ${missed === undefined ? nothing : t("forecast.tried", { share: percent(missed, 0) })}
      ${told.is_cold ? t("forecast.cold") : nothing}
    </p>`;
  }

  #sensor(told: SensorForecast): TemplateResult {
    const first = told.days[0];
    if (!told.issue || !first) {
      return html`<kk-empty
        .heading=${t("forecast.none")}
        .text=${tCode("freason", told.reason ?? "no_issue")}
      ></kk-empty>`;
    }
    const isPast = told.issue.ends_on < new Date().toISOString().slice(0, 10);
    const highest = top(told.days);
    return html`<section aria-live="polite">
        <p class="answer">${t("forecast.answer", { day: dayName(first.on, "long"), range: range(first) })}</p>
        <p class="small">${t("forecast.eight_of_ten")}</p>
        ${isPast ? html`<p class="badge warn">${t("forecast.past", { on: date(told.issue.ends_on) })}</p>` : nothing}
      </section>
      <section aria-labelledby="days">
        <h2 id="days">${t("forecast.days")}</h2>
        <ul class="days">
          ${told.days.map((day) => this.#dayRow(day, highest))}
        </ul>
        ${this.#rests(told, told.issue)}
      </section>
      ${this.#hours(told)}`;
  }

  #settings(overview: ForecastOverview): TemplateResult {
    return html`<fieldset>
      <legend class="small">${t("forecast.neighbours")}</legend>
      ${COUNTRIES.map(
        (country) => html`<label class="small"
          ><input
            type="checkbox"
            .checked=${overview.holiday_countries.includes(country)}
            @change=${(event: Event) =>
              this.#setCountry(
                country,
                (event.target as HTMLInputElement).checked,
                overview.holiday_countries,
              )}
          />${tCode("country", country)}</label
        >`,
      )}
      ${this.hasChanged ? html`<span class="small muted" role="status">${t("forecast.changed")}</span>` : nothing}
      ${this.#countries.draw()}
    </fieldset>`;
  }

  #drawn(overview: ForecastOverview): TemplateResult {
    const { items } = overview;
    if (!items.length) {
      return html`<kk-empty .heading=${t("forecast.none")} .text=${t("freason.no_sensors")}
        ><code>./kernkaart run import sensors</code></kk-empty
      >`;
    }
    return html`${sensorChoice(items, this.chosen, (id) => this.emit("view-change", { sensor: id }))}
      ${this.#forecast.draw(
        (told) => this.#sensor(told),
        html`<div class="skeleton wait" role="status" aria-label=${t("loading")}></div>`,
      )}
      <section aria-labelledby="hits">
        <h2 id="hits">${t("forecast.hits_title")}</h2>
        ${this.#hits.draw((hits) => hitCard(hits, this.municipality), nothing)}
      </section>
      ${this.#settings(overview)}
      <p class="small">
        <a href=${apiUrl("forecast/forecast.xlsx", { municipality: this.municipality })} download
          >${t("forecast.file_xlsx")}</a
        >
        ·
        <a href=${apiUrl("forecast/forecast.csv", { municipality: this.municipality })} download
          >${t("forecast.file_csv")}</a
        >
      </p>`;
  }

  protected override render() {
    return this.#overview.draw((overview) => this.#drawn(overview));
  }
}

/** What makes a day special, in words. */
function markName({ kind, name }: DayMark): string {
  if (kind === "event" && name) return name;
  if (kind === "holiday" && name) return tCode("holidayname", name.toLowerCase().replace(/[^a-z]+/g, "_"));
  if (kind === "neighbour_holiday" && name) {
    return t("forecast.abroad", { country: tCode("country", name.slice(0, 2)) });
  }
  return tCode("daymark", kind);
}
