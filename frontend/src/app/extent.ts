import type { Bbox, Points } from "../api/types.ts";

/** The box that holds the middle nine tenths of the shop units: the core, without the odd shop along a far road. */
export function extentOf(points: Points): Bbox | null {
  if (points.ids.length === 0) return null;
  const at = (values: readonly number[], share: number) => {
    const sorted = Float64Array.from(values).sort();
    return sorted[Math.round(share * (sorted.length - 1))]!;
  };
  return [at(points.lon, 0.05), at(points.lat, 0.05), at(points.lon, 0.95), at(points.lat, 0.95)];
}
