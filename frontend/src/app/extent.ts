import type { Map as LeafletMap } from "leaflet";
import type { Bbox, Points } from "../api/types.ts";

const LEAST_UNITS = 10;

/** Where to look first: the core with most shop units, or the middle of all of them where there is no core. */
export function extentOf(points: Points): Bbox | null {
  const core = largestCore(points.core_id);
  const wanted = points.ids.map((_, i) => i).filter((i) => core === null || points.core_id[i] === core);
  if (wanted.length === 0) return null;
  // The odd shop along a far road would make everything small.
  const margin = core === null ? 0.05 : 0;
  const at = (values: readonly number[], share: number) => {
    const sorted = Float64Array.from(wanted, (i) => values[i]!).sort();
    return sorted[Math.round(share * (sorted.length - 1))]!;
  };
  const { lon, lat } = points;
  return [at(lon, margin), at(lat, margin), at(lon, 1 - margin), at(lat, 1 - margin)];
}

function largestCore(cores: readonly (number | null)[]): number | null {
  const counts = new Map<number, number>();
  for (const core of cores) if (core !== null) counts.set(core, (counts.get(core) ?? 0) + 1);
  let best: number | null = null;
  for (const [core, count] of counts) {
    if (count >= LEAST_UNITS && count > (best === null ? 0 : counts.get(best)!)) best = core;
  }
  return best;
}

/** West, south, east and north of what the map shows, once it is there. */
export function shownBox(map: LeafletMap | null | undefined): readonly number[] | null {
  const bounds = map?.getBounds();
  return bounds ? [bounds.getWest(), bounds.getSouth(), bounds.getEast(), bounds.getNorth()] : null;
}
