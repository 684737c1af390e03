import { html, nothing, type TemplateResult } from "lit";
import { apiUrl } from "../api/client.ts";
import type { ForecastHitRate, HitRate } from "../api/types.ts";
import { date, percent } from "../text/format.ts";
import { t } from "../text/index.ts";

/** What became of the forecasts of the last weeks: how often the band held, and whether it beat the week before. */
export function hitCard(rate: ForecastHitRate, municipality: string): TemplateResult {
  const { hours } = rate;
  if (!hours || hours.in_80_share === null) {
    return html`<p class="small muted">${t("forecast.hits_none")}</p>`;
  }
  const naive = hours.missed_share_naive;
  const better = naive ? 1 - (hours.missed_share_there ?? 0) / naive : null;
  return html`<div class="card">
    <p>${t("forecast.hits", { weeks: rate.weeks, share: percent(hours.in_80_share, 0) })}</p>
    <p class="small">
      ${t("forecast.missed", { share: percent(hours.missed_share ?? 0, 0) })}
      ${
        better === null
          ? nothing
          : t(better > 0 ? "forecast.beats" : "forecast.loses", { share: percent(Math.abs(better), 0) })
      }
    </p>
    ${
      rate.less_certain && rate.less_certain.in_80_share !== null
        ? html`<p class="small">
          ${t("forecast.hits_less", { share: percent(rate.less_certain.in_80_share, 0) })}
        </p>`
        : nothing
    }
    <p class="small muted">
      ${t("forecast.hits_rest", {
        from: date(rate.from_on ?? ""),
        to: date(rate.to_on ?? ""),
        n: rate.n_issues,
        back: rate.n_back_tests,
      })}
    </p>
    <details>
      <summary>${t("as_table")}</summary>
      <div class="scroll" tabindex="0" role="region" aria-label=${t("forecast.hits_title")}>${hitTable(rate)}</div>
    </details>
    <p class="small">
      <a href=${apiUrl("forecast/hit-rate.csv", { municipality })} download>${t("forecast.hits_file")}</a>
    </p>
  </div>`;
}

function hitTable(rate: ForecastHitRate): TemplateResult {
  const rows: [string, HitRate | null][] = [
    [t("forecast.row_hours"), rate.hours],
    [t("forecast.row_days"), rate.days],
    ...rate.by_week.map((row): [string, HitRate] => [t("forecast.row_week", { week: row.week }), row]),
    [t("forecast.row_less"), rate.less_certain],
    ...rate.sensors.map((row): [string, HitRate] => [row.name, row]),
  ];
  const cell = (share: number | null) => (share === null ? "–" : percent(share, 0));
  return html`<table class="num">
    <caption class="visually-hidden">
      ${t("forecast.hits_title")}
    </caption>
    <thead>
      <tr>
        <th scope="col"></th>
        <th scope="col">50 %</th>
        <th scope="col">80 %</th>
        <th scope="col">95 %</th>
        <th scope="col">${t("forecast.column_missed")}</th>
        <th scope="col">${t("forecast.column_naive")}</th>
      </tr>
    </thead>
    <tbody>
      ${rows.map(
        ([name, row]) =>
          row &&
          html`<tr>
            <th scope="row">${name}</th>
            <td>${cell(row.in_50_share)}</td>
            <td>${cell(row.in_80_share)}</td>
            <td>${cell(row.in_95_share)}</td>
            <td>${cell(row.missed_share)}</td>
            <td>${cell(row.missed_share_naive)}</td>
          </tr>`,
      )}
    </tbody>
  </table>`;
}
