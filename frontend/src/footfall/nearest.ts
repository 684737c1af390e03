import type { Sensor, UnitFootfall } from "../api/types.ts";

const REACH_M = 1500;
const METRES_PER_DEGREE = 111_320;

/** The sensors of people on foot nearest to a place as the crow flies, for an estimate that does not name its own. */
export function nearestSensors(
  place: { lat: number; lon: number },
  sensors: readonly Sensor[],
  count = 3,
): UnitFootfall["sensors"] {
  const widthOfDegree = METRES_PER_DEGREE * Math.cos((place.lat * Math.PI) / 180);
  return sensors
    .filter(({ footfall_per_day }) => footfall_per_day !== null)
    .map(({ id, name, lat, lon }) => ({
      id,
      name,
      distance_m: Math.hypot((lon - place.lon) * widthOfDegree, (lat - place.lat) * METRES_PER_DEGREE),
    }))
    .filter(({ distance_m }) => distance_m <= REACH_M)
    .sort((a, b) => a.distance_m - b.distance_m)
    .slice(0, count);
}
