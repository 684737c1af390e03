import type { ForecastOverview } from "../api/types.ts";

/** The sensor that is shown: the one asked for, else the busiest of the first day, else the first; null of none. */
export function shownSensor(items: ForecastOverview["items"], asked: number | null): number | null {
  const most = items.reduce<(typeof items)[number] | null>(
    (best, item) => ((item.first_day?.expected ?? -1) > (best?.first_day?.expected ?? -1) ? item : best),
    null,
  );
  return (items.find(({ id }) => id === asked) ?? most ?? items[0])?.id ?? null;
}
