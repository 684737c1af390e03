/** A point of a line over the weeks of a year; null where nothing can be said. */
export interface WeekValue {
  week: number;
  value: number | null;
}

export interface Scale {
  left: number;
  width: number;
  top: number;
  height: number;
  lowest: number;
  highest: number;
  steps: number;
}

export function xOf(scale: Scale, step: number): number {
  return scale.left + ((step - 1) / Math.max(1, scale.steps - 1)) * scale.width;
}

export function yOf(scale: Scale, value: number): number {
  const share = (value - scale.lowest) / (scale.highest - scale.lowest || 1);
  return scale.top + (1 - share) * scale.height;
}

/** A line that stops at a gap; a week alone between two gaps is a short dash, so that it is seen. */
export function linePath(points: readonly WeekValue[], scale: Scale): string {
  let path = "";
  let isOpen = false;
  points.forEach((point, i) => {
    if (point.value === null) {
      isOpen = false;
      return;
    }
    const x = xOf(scale, point.week);
    const y = yOf(scale, point.value);
    const isNext = isOpen && points[i - 1]!.week === point.week - 1;
    path += isNext ? `L${x.toFixed(1)} ${y.toFixed(1)}` : `M${x.toFixed(1)} ${y.toFixed(1)}h0.5`;
    isOpen = true;
  });
  return path;
}

/** The weeks of one ISO year, from the first to the last that year can have. */
export function weeksOf(
  weeks: readonly { year: number; week: number; per_day: number | null }[],
  year: number,
): WeekValue[] {
  return weeks
    .filter((item) => item.year === year)
    .map(({ week, per_day }) => ({ week, value: per_day }))
    .sort((one, other) => one.week - other.week);
}

/** The same Monday in two series stands at the same place: weeks since the first of all. */
export function along(
  weeks: readonly { starts_on: string; index: number | null }[],
  first: string,
): WeekValue[] {
  return weeks.map(({ starts_on, index }) => ({
    week: 1 + Math.round((Date.parse(starts_on) - Date.parse(first)) / 604_800_000),
    value: index,
  }));
}
