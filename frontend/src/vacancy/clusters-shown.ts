import type { Clusters, Points } from "../api/types.ts";
import { latest } from "../ui/loadable.ts";

export type Bounds = [west: number, south: number, east: number, north: number];

/** What the section about clusters has on the map: clusters of a day, and the one that is chosen. */
export interface ClustersShown {
  clusters: Clusters | null;
  selected: number | null;
}

/** Positions of the shop units of the chosen cluster; null: none is chosen, or none of them is left. */
export const unitsShown = latest((points: Points, shown: ClustersShown | null): number[] | null => {
  const chosen = shown?.clusters?.features.find(({ id }) => id === shown.selected);
  if (!chosen) return null;
  const ids = new Set(chosen.properties.unit_ids);
  const inside = points.ids.flatMap((id, i) => (ids.has(id) ? [i] : []));
  return inside.length ? inside : null;
});

/** The box around a shape, in degrees. */
export function boundsOf(geometry: GeoJSON.Geometry | null): Bounds | null {
  if (geometry?.type !== "Polygon" && geometry?.type !== "MultiPolygon") return null;
  const places = (geometry.type === "Polygon" ? geometry.coordinates : geometry.coordinates.flat()).flat();
  if (places.length === 0) return null;
  const lon = places.map(([x]) => x!);
  const lat = places.map(([, y]) => y!);
  return [Math.min(...lon), Math.min(...lat), Math.max(...lon), Math.max(...lat)];
}
