import { html, svg, type TemplateResult } from "lit";
import type { EventBand, EventStudy } from "../api/types.ts";
import { date, number, shortDate } from "../text/format.ts";
import { t } from "../text/index.ts";
import { signed, spread } from "./words.ts";

const WIDTH = 352;
const HEIGHT = 172;
const LEFT = 44;
const BASE = 146;
const BINS = 25;

interface Column extends EventBand {
  label: string;
  isMarked: boolean;
}

function niceStep(top: number): number {
  const size = 10 ** Math.floor(Math.log10(Math.max(top, 1)));
  return [size / 2, size, size * 2, size * 5].find((step) => top / step < 5) ?? size * 10;
}

/** Counted as dots, expected as a line with its interval as a block, one column per day or hour. */
function bandChart(columns: readonly Column[], label: string): TemplateResult {
  const top =
    1.06 * Math.max(1, ...columns.map(({ observed, upper }) => Math.max(observed ?? 0, upper ?? 0)));
  const step = (WIDTH - LEFT) / columns.length;
  const x = (i: number) => LEFT + i * step;
  const y = (value: number) => BASE - (value / top) * (BASE - 8);
  const every = Math.max(1, Math.ceil(columns.length / 6));
  const size = niceStep(top);
  const levels = Array.from({ length: Math.floor(top / size) + 1 }, (_, i) => i * size);
  return html`<svg class="chart" viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label=${label}>
    ${columns.map(({ isMarked }, i) => (isMarked ? svg`<rect class="marked" x=${x(i)} y="4" width=${step} height=${BASE - 4} />` : ""))}
    ${levels.map(
      (level) => svg`<line class="grid" x1=${LEFT} x2=${WIDTH} y1=${y(level)} y2=${y(level)} />
        <text x=${LEFT - 6} y=${y(level) + 4} text-anchor="end">${number(level)}</text>`,
    )}
    ${columns.map(({ expected, lower, upper }, i) =>
      expected === null || lower === null || upper === null
        ? ""
        : svg`<rect class="band" x=${x(i) + step * 0.1} width=${step * 0.8} y=${y(upper)} height=${Math.max(1, y(lower) - y(upper))} />
          <line class="expected" x1=${x(i) + step * 0.1} x2=${x(i) + step * 0.9} y1=${y(expected)} y2=${y(expected)} />`,
    )}
    ${columns.map(({ observed, isMarked }, i) =>
      observed === null
        ? ""
        : svg`<circle class=${isMarked ? "seen event" : "seen"} cx=${x(i) + step / 2} cy=${y(observed)} r=${isMarked ? 3.6 : 2.2} />`,
    )}
    ${columns.map((column, i) =>
      i % every
        ? ""
        : svg`<text x=${x(i) + step / 2} y=${BASE + 18} text-anchor="middle">${column.label}</text>`,
    )}
  </svg>`;
}

export function dayChart({ days }: EventStudy): TemplateResult {
  const columns = days.map((day) => ({
    ...day,
    label: shortDate(day.day).slice(0, 5),
    isMarked: day.is_event,
  }));
  return bandChart(
    columns,
    t("events.days_alt", { first: date(days[0]!.day), last: date(days.at(-1)!.day) }),
  );
}

export function hourChart({ hours, parameters }: EventStudy): TemplateResult {
  const [first, last] = parameters.hours;
  const columns = hours.map((row) => ({
    ...row,
    label: String(row.hour),
    isMarked: row.hour >= first && row.hour < last,
  }));
  return bandChart(columns, t("events.hours_alt", { first: hours[0]!.hour, last: hours.at(-1)!.hour + 1 }));
}

/** What the same computation gives on ordinary days, with the event as a line through it. */
export function chanceChart({
  placebo_shares: shares,
  effect_share: event,
}: EventStudy): TemplateResult | "" {
  if (event === null || shares.length < 5) return "";
  const { counts, reach, at } = spread(shares, event, BINS);
  const most = Math.max(...counts);
  const step = WIDTH / BINS;
  return html`<svg class="chart" viewBox="0 0 ${WIDTH} 124" role="img" aria-label=${t("events.chance_alt", { n: shares.length, share: signed(event) })}>
    ${counts.map((count, i) => {
      const height = (count / most) * 88;
      return svg`<rect class="bar" x=${i * step + 1} width=${step - 2} y=${98 - height} height=${height} />`;
    })}
    <line class="axis" x1="0" x2=${WIDTH} y1="98" y2="98" />
    <line class="here" x1=${at * WIDTH} x2=${at * WIDTH} y1="4" y2="98" />
    <text x="0" y="116">${signed(-reach)}</text>
    <text x=${WIDTH / 2} y="116" text-anchor="middle">0 %</text>
    <text x=${WIDTH} y="116" text-anchor="end">${signed(reach)}</text>
  </svg>`;
}

/** The same figures of each day to read. */
export function dayTable({ days }: EventStudy): TemplateResult {
  const cell = (value: number | null) => (value === null ? "–" : number(value));
  return html`<table class="num">
    <thead>
      <tr>
        <th scope="col">${t("events.day")}</th>
        <th scope="col">${t("events.observed")}</th>
        <th scope="col">${t("events.expected_short")}</th>
        <th scope="col">${t("events.interval")}</th>
      </tr>
    </thead>
    <tbody>
      ${days.map(
        (row) => html`<tr class=${row.is_event ? "event" : ""}>
          <th scope="row">${shortDate(row.day)}</th>
          <td>${cell(row.observed)}</td>
          <td>${cell(row.expected)}</td>
          <td>${row.lower === null ? "–" : `${cell(row.lower)} – ${cell(row.upper)}`}</td>
        </tr>`,
      )}
    </tbody>
  </table>`;
}
