import { html, nothing, type PropertyValues, type TemplateResult } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import { api, apiUrl } from "../api/client.ts";
import type { ForecastOverview, OpeningDay, OpeningHours, OpenSunday } from "../api/types.ts";
import { date, percent, weekday } from "../text/format.ts";
import { t, tCode } from "../text/index.ts";
import { Asked } from "../ui/asked.ts";
import { controls } from "../ui/controls.ts";
import { KkElement } from "../ui/element.ts";
import { sectionStyle } from "../ui/section.css.ts";
import { sensorChoice } from "../ui/sensor-choice.ts";
import { round } from "./bands.ts";
import { forecastStyle } from "./section.css.ts";
import { shownSensor } from "./shown-sensor.ts";

const WEEKDAYS = [1, 2, 3, 4, 5, 6, 7] as const;

/** Who passes while shops are open and while they are closed, and whom an extra hour or an open Sunday would meet. */
@customElement("kk-opening-hours")
export class KkOpeningHours extends KkElement {
  @property() municipality = "";
  /** The sensor asked for; null for the busiest. */
  @property({ attribute: false }) sensor: number | null = null;
  @state() private chosen: number | null = null;
  @state() private opens = 10;
  @state() private closes = 18;
  @state() private weekdays: readonly number[] = [1, 2, 3, 4, 5, 6];
  readonly #overview = new Asked(this, (signal) =>
    this.municipality ? api.forecasts(this.municipality, signal) : null,
  );
  readonly #told = new Asked(this, (signal) =>
    this.chosen === null || this.closes <= this.opens
      ? null
      : api.openingHours(this.chosen, this.#query, signal),
  );

  static override styles = [controls, sectionStyle, forecastStyle];

  protected override willUpdate(changed: PropertyValues): void {
    if (changed.has("municipality")) void this.#overview.anew();
    const chosen = shownSensor(this.#overview.value?.items ?? [], this.sensor);
    const isOther = chosen !== this.chosen;
    this.chosen = chosen;
    if (isOther) void this.#told.anew();
    else if (["opens", "closes", "weekdays"].some((name) => changed.has(name))) void this.#told.again();
  }

  get #query() {
    return { opens: this.opens, closes: this.closes, weekdays: this.weekdays.join(",") };
  }

  #hourChoice(label: string, value: number, from: number, to: number, set: (hour: number) => void) {
    const hours = Array.from({ length: to - from + 1 }, (_, i) => from + i);
    return html`<label class="small"
      >${label}
      <select
        class="field"
        @change=${(event: Event) => set(Number((event.target as HTMLSelectElement).value))}
      >
        ${hours.map((hour) => html`<option value=${hour} ?selected=${hour === value}>${t("forecast.hour", { hour })}</option>`)}
      </select></label
    >`;
  }

  #choices(overview: ForecastOverview): TemplateResult {
    return html`${sensorChoice(overview.items, this.chosen, (id) => this.emit("view-change", { sensor: id }))}
      <div class="choice">
        ${this.#hourChoice(t("opening.from"), this.opens, 5, this.closes - 1, (hour) => {
          this.opens = hour;
        })}
        ${this.#hourChoice(t("opening.until"), this.closes, this.opens + 1, 24, (hour) => {
          this.closes = hour;
        })}
      </div>
      <fieldset>
        <legend class="small">${t("opening.open_days")}</legend>
        ${WEEKDAYS.map(
          (day) => html`<label class="small"
            ><input
              type="checkbox"
              .checked=${this.weekdays.includes(day)}
              @change=${(event: Event) => {
                const isOn = (event.target as HTMLInputElement).checked;
                this.weekdays = WEEKDAYS.filter((each) =>
                  each === day ? isOn : this.weekdays.includes(each),
                );
              }}
            />${weekday(day - 1)}</label
          >`,
        )}
      </fieldset>`;
  }

  #answer(told: OpeningHours): TemplateResult {
    const known = told.items.filter(({ inside, outside }) => inside !== null && outside !== null);
    const inside = known.reduce((sum, day) => sum + day.inside!, 0);
    const all = known.reduce((sum, day) => sum + day.inside! + day.outside!, 0);
    if (known.length < 7 || all === 0) return html`<p class="answer">${t("opening.not_yet")}</p>`;
    return html`<p class="answer">${t("opening.answer", { share: percent(inside / all, 0) })}</p>
      <p>${t("opening.outside", { value: round(all - inside) })}</p>`;
  }

  #extra(told: OpeningHours): TemplateResult | typeof nothing {
    const best = told.items.reduce<OpeningDay | null>(
      (most, day) => ((day.after_passages ?? -1) > (most?.after_passages ?? -1) ? day : most),
      null,
    );
    if (best?.after_passages == null) return nothing;
    return html`<section aria-labelledby="extra">
      <h2 id="extra">${t("opening.extra")}</h2>
      <p>
        ${t("opening.extra_best", {
          day: weekday(best.weekday - 1, "long"),
          from: best.after_hour!,
          until: best.after_hour! + 1,
          low: round(best.after_lower!),
          high: round(best.after_upper!),
        })}
      </p>
      <p class="small muted">${t("opening.extra_note")}</p>
    </section>`;
  }

  #sunday(sunday: OpenSunday, told: OpeningHours): TemplateResult {
    const [from, until] = told.sunday_hours;
    return html`<section aria-labelledby="sunday">
      <h2 id="sunday">${t("opening.sunday", { from, until })}</h2>
      ${
        sunday.expected !== null
          ? html`<p>
              ${t("opening.sunday_expected", {
                low: round(sunday.lower!),
                high: round(sunday.upper!),
                value: round(sunday.expected),
              })}
            </p>
            <p class="small muted">
              ${t("opening.sunday_rests", {
                n: sunday.n_held,
                days: told.sundays_held.map(date).join(", "),
              })}
            </p>`
          : html`<p><span class="badge warn">${t("opening.not_measurable")}</span></p>
            <p class="small">${tCode("osunday", sunday.reason)}</p>`
      }
      ${
        sunday.sunday !== null
          ? html`<p class="small">
            ${t("opening.sunday_usual", {
              low: round(sunday.sunday_lower!),
              high: round(sunday.sunday_upper!),
              n: sunday.n_sundays,
            })}
          </p>`
          : nothing
      }
    </section>`;
  }

  #table(told: OpeningHours): TemplateResult {
    const cell = (value: number | null) => (value === null ? "–" : round(value));
    const band = (value: number | null, low: number | null, high: number | null) =>
      value === null ? "–" : t("forecast.range", { low: round(low!), high: round(high!) });
    return html`<div class="scroll" tabindex="0" role="region" aria-label=${t("opening.table")}>
      <table class="num">
        <caption>
          ${t("opening.table")}
        </caption>
        <thead>
          <tr>
            <th scope="col">${t("opening.column_day")}</th>
            <th scope="col">${t("opening.column_inside")}</th>
            <th scope="col">${t("opening.column_outside")}</th>
            <th scope="col">${t("opening.column_share")}</th>
            <th scope="col">${t("opening.column_before")}</th>
            <th scope="col">${t("opening.column_after")}</th>
          </tr>
        </thead>
        <tbody>
          ${told.items.map(
            (day) => html`<tr>
              <th scope="row">${weekday(day.weekday - 1, "long")}</th>
              <td>${cell(day.inside)}</td>
              <td>${cell(day.outside)}</td>
              <td>${day.inside_share === null ? "–" : percent(day.inside_share, 0)}</td>
              <td>${band(day.before_passages, day.before_lower, day.before_upper)}</td>
              <td>${band(day.after_passages, day.after_lower, day.after_upper)}</td>
            </tr>`,
          )}
        </tbody>
      </table>
    </div>`;
  }

  #found(told: OpeningHours): TemplateResult {
    if (!told.items.length) {
      return html`<kk-empty .heading=${t("opening.not_yet")} .text=${t("opening.not_yet_hint")}></kk-empty>`;
    }
    const days = Math.min(...told.items.map(({ n_days }) => n_days));
    return html`<section aria-live="polite">${this.#answer(told)}</section>
      <section>${this.#table(told)}</section>
      ${this.#extra(told)} ${told.sunday ? this.#sunday(told.sunday, told) : nothing}
      <section>
        <p class="small muted">
          ${t("opening.rests", {
            from: date(told.from_on ?? ""),
            to: date(told.to_on ?? ""),
            n: days,
            source: told.sensor.source ?? t("unknown"),
          })}
        </p>
        <p class="small">
          <a href=${apiUrl(`forecast/sensors/${told.sensor.id}/opening-hours.csv`, this.#query)} download
            >${t("opening.file")}</a
          >
        </p>
      </section>`;
  }

  #drawn(overview: ForecastOverview): TemplateResult {
    if (!overview.items.length) {
      return html`<kk-empty .heading=${t("opening.not_yet")} .text=${t("freason.no_sensors")}
        ><code>./kernkaart run import sensors</code></kk-empty
      >`;
    }
    return html`${this.#choices(overview)}
      ${this.#told.draw(
        (told) => this.#found(told),
        html`<div class="skeleton wait" role="status" aria-label=${t("loading")}></div>`,
      )}`;
  }

  protected override render() {
    return this.#overview.draw((overview) => this.#drawn(overview));
  }
}
