import type { SeriesBreak, SeriesPoint } from "../api/types.ts";

const LEFT = 30;
const RIGHT = 316;
const TOP = 10;
const BOTTOM = 112;
const SHOWN_YEARS = 10;
const STEPS = [0.02, 0.05, 0.1, 0.2, 0.5];

export interface DrawnPoint {
  on: string;
  rate: number;
  numerator: number;
  denominator: number;
  x: number;
  y: number;
}

export interface Drawn {
  points: DrawnPoint[];
  /** One path per stretch: no line crosses a break or a hole. */
  paths: string[];
  breaks: number[];
  shown: SeriesBreak[];
  years: { x: number; year: number }[];
  levels: { y: number; share: number }[];
  first: DrawnPoint;
  last: DrawnPoint;
}

interface Told {
  on: string;
  stretch: number;
  rate: number;
  numerator: number;
  denominator: number;
}

function told(series: readonly SeriesPoint[], measure: "units" | "area"): Told[] {
  return series.flatMap(({ on, stretch, floor_area: area, rate, numerator, denominator }) => {
    const shown =
      measure === "units"
        ? { rate, numerator, denominator }
        : { rate: area.rate, numerator: area.numerator_m2 ?? 0, denominator: area.denominator_m2 ?? 0 };
    return shown.rate === null ? [] : [{ ...shown, rate: shown.rate, on, stretch }];
  });
}

/** A line stops at a break, and where the figure in between could not be given. */
function pathsOf(points: readonly (DrawnPoint & { stretch: number; place: number })[]): string[] {
  const paths: string[] = [];
  points.forEach((point, i) => {
    const before = points[i - 1];
    const isJoined = before && before.stretch === point.stretch && before.place + 1 === point.place;
    if (isJoined) paths[paths.length - 1] += `L${point.x} ${point.y}`;
    else paths.push(`M${point.x} ${point.y}`);
  });
  return paths.filter((path) => path.includes("L"));
}

/** Everything a chart of the last ten years draws, in its own coordinates; null when there is nothing to join. */
export function drawnSeries(
  series: readonly SeriesPoint[],
  breaks: readonly SeriesBreak[],
  measure: "units" | "area",
): Drawn | null {
  const end = series.at(-1)?.on;
  if (!end) return null;
  const since = `${Number(end.slice(0, 4)) - SHOWN_YEARS}${end.slice(4)}`;
  const recent = series.filter((point) => point.on >= since);
  const place = new Map(recent.map((point, i) => [point.on, i]));
  const everything = told(recent, measure);
  // Before the first vacancy that somebody wrote down, the register knows only who traded.
  const begun = everything.findIndex((point) => point.numerator > 0);
  const known = everything.slice(Math.max(0, begun));
  if (known.length < 2) return null;
  const begin = Date.parse(known[0]!.on);
  const span = Date.parse(known.at(-1)!.on) - begin;
  const top = Math.max(0.05, ...known.map((point) => point.rate)) * 1.15;
  const x = (day: string) =>
    Math.round((LEFT + ((Date.parse(day) - begin) / span) * (RIGHT - LEFT)) * 10) / 10;
  const y = (rate: number) => Math.round((BOTTOM - (rate / top) * (BOTTOM - TOP)) * 10) / 10;
  const points = known.map((point) => ({
    ...point,
    x: x(point.on),
    y: y(point.rate),
    place: place.get(point.on) ?? 0,
  }));
  const [first, last] = [points[0]!, points.at(-1)!];
  const shown = breaks.filter((row) => row.on > first.on && row.on <= last.on);
  const step = STEPS.find((size) => top / size < 5) ?? 0.5;
  const levels = Array.from({ length: Math.floor(top / step) + 1 }, (_, i) => i * step);
  const [from, to] = [Number(first.on.slice(0, 4)) + 1, Number(last.on.slice(0, 4))];
  const every = Math.max(1, Math.ceil((to - from + 1) / 6));
  const years = Array.from({ length: Math.max(0, to - from + 1) }, (_, i) => from + i);
  return {
    points,
    paths: pathsOf(points),
    breaks: shown.map((row) => x(row.on)),
    shown,
    years: years.filter((_, i) => i % every === 0).map((year) => ({ year, x: x(`${year}-01-01`) })),
    levels: levels.map((share) => ({ share, y: y(share) })),
    first,
    last,
  };
}
