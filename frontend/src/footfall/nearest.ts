import type { Sensor, UnitFootfall } from "../api/types.ts";

const REACH_M = 1500;
const METRES_PER_DEGREE = 111_320;

/** A sensor that can be opened. */
export interface NearSensor {
  id: number;
  name: string;
  distance_m: number | null;
}

/** Those of the points of an estimate that are sensors; the others were counted by hand. */
export function openable(points: UnitFootfall["sensors"]): NearSensor[] {
  return points.filter((point): point is NearSensor => point.id !== null);
}

/**
 * The sensors of people on foot nearest to a place, and those that an estimate names whether near or not.
 * Named ones keep their walking distance, the others are as far as the crow flies.
 */
export function nearestSensors(
  place: { lat: number; lon: number },
  sensors: readonly Sensor[],
  { named = [], count = 3 }: { named?: readonly NearSensor[]; count?: number } = {},
): NearSensor[] {
  const widthOfDegree = METRES_PER_DEGREE * Math.cos((place.lat * Math.PI) / 180);
  const others = sensors
    .filter(({ id, footfall_per_day }) => footfall_per_day !== null && !named.some((one) => one.id === id))
    .map(({ id, name, lat, lon }) => ({
      id,
      name,
      distance_m: Math.hypot((lon - place.lon) * widthOfDegree, (lat - place.lat) * METRES_PER_DEGREE),
    }))
    .filter(({ distance_m }) => distance_m <= REACH_M)
    .sort((a, b) => a.distance_m - b.distance_m);
  return [...named, ...others.slice(0, Math.max(0, count - named.length))].sort(
    (a, b) => (a.distance_m ?? 0) - (b.distance_m ?? 0),
  );
}
