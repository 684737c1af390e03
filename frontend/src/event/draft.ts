import type { EventPlace, EventRole, Position } from "../api/types.ts";

/** A place that is being chosen for an event: what the map draws of it. */
export interface EventDraft {
  place: EventPlace | null;
  /** How far around the place it is felt, m. */
  reach: number;
  sensors: readonly EventRole[];
}

export type EventShape = "point" | "zone";

/** A corner of a zone less than this is noise of the pointer. */
const DIGITS = 1e6;
const POINT_REACH_M = 150;
const AREA_REACH_M = 30;

function rounded([lon, lat]: Position): Position {
  return [Math.round(lon * DIGITS) / DIGITS, Math.round(lat * DIGITS) / DIGITS];
}

export function pointPlace(at: Position): EventPlace {
  return { type: "Point", coordinates: rounded(at) };
}

/** A zone of the corners that were pointed at; null of fewer than three. */
export function zonePlace(corners: readonly Position[]): EventPlace | null {
  if (corners.length < 3) return null;
  const ring = corners.map(rounded);
  return { type: "Polygon", coordinates: [[...ring, ring[0]!]] };
}

/** How far a place is felt where nobody says it. */
export function usualReach(place: EventPlace | null): number {
  return place?.type === "Point" ? POINT_REACH_M : AREA_REACH_M;
}
