import { css, html, nothing, svg } from "lit";
import { customElement, property } from "lit/decorators.js";
import type { DayWeather, ForecastWeather } from "../api/types.ts";
import { date, number, percent } from "../text/format.ts";
import { t } from "../text/index.ts";
import { KkElement } from "../ui/element.ts";

/** Less than this is no rain to speak of, mm between 8 and 20 h. */
const DRY_MM = 0.3;
const HOUR_MS = 3_600_000;
const REASONS = {
  no_forecast: "wreason.no_forecast",
  few_measured: "wreason.few_measured",
  few_tried: "wreason.few_tried",
  no_better: "wreason.no_better",
} as const;

const DROP = svg`<path d="M8 1.5 C5 6 3.5 8 3.5 10.2 a4.5 4.5 0 0 0 9 0 C12.5 8 11 6 8 1.5 z" fill="#2f6f9f" />`;

/** "9 °C, 4 mm regen" of a day between 8 and 20 h; nothing where it is not known. */
@customElement("kk-day-weather")
export class KkDayWeather extends KkElement {
  @property({ attribute: false }) weather: DayWeather | null = null;

  static override styles = css`
    :host {
      display: inline-flex;
      align-items: center;
      gap: 4px;
      color: var(--ink-3);
      font-size: 12.5px;
      white-space: nowrap;
    }
    svg {
      width: 13px;
      height: 13px;
      flex: none;
    }
  `;

  protected override render() {
    const { weather } = this;
    if (!weather) return nothing;
    const rain = weather.precipitation_mm;
    const isWet = rain !== null && rain >= DRY_MM;
    const words = [
      weather.temperature_c === null
        ? null
        : t("weather.degrees", { value: number(Math.round(weather.temperature_c)) }),
      rain === null
        ? null
        : isWet
          ? t("weather.rain", { value: number(rain, rain < 1 ? 1 : 0) })
          : t("weather.dry"),
    ];
    return html`${isWet ? html`<svg viewBox="0 0 16 16" aria-hidden="true">${DROP}</svg>` : nothing}${words.filter(Boolean).join(", ")}`;
  }
}

/** Which weather a forecast rests on, or why on none and what to do. */
@customElement("kk-weather-use")
export class KkWeatherUse extends KkElement {
  /** Null where nobody supplied weather. */
  @property({ attribute: false }) weather: ForecastWeather | null = null;

  static override styles = css`
    :host {
      display: block;
      color: var(--ink-3);
      font-size: 13px;
    }
    code {
      font-size: 12px;
      overflow-wrap: anywhere;
    }
  `;

  protected override render() {
    const { weather } = this;
    if (!weather) {
      return html`${t("weather.none")} <code>./kernkaart run import weather</code>`;
    }
    if (weather.reason) return html`${t(REASONS[weather.reason], { n: weather.n_tried })}`;
    const [on, hour] = moment(weather.issued_at!);
    const until = lastDay(weather.known_until!);
    return html`${t("weather.used", { source: weather.source ?? t("unknown"), on, hour, until })}
    ${t("weather.gain", {
      share: percent(weather.missed!, 0),
      without: percent(weather.missed_without!, 0),
      n: weather.n_tried,
    })}`;
  }
}

/** Day and hour on the clock on the wall, as the server wrote them. */
function moment(at: string): [string, number] {
  return [date(at.slice(0, 10)), Number(at.slice(11, 13))];
}

/** The day of the last hour before a moment: up to midnight is up to the evening before. */
function lastDay(until: string): string {
  const last = new Date(Date.parse(`${until.slice(0, 13)}:00Z`) - HOUR_MS);
  return date(last.toISOString().slice(0, 10));
}
