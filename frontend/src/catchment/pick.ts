import type { EventPlace, Position, StreetSegment } from "../api/types.ts";

interface StreetPick {
  kind: "street";
  found: StreetSegment | null;
  isAsking: boolean;
  error: unknown;
}

/** The place of an event: one point, or the corners of a zone; `done` is told of it. */
export interface EventPick {
  kind: "event";
  shape: "point" | "zone";
  line: readonly Position[];
  done: (place: EventPlace) => void;
}

/** What the next click on the map is for. */
export type Pick =
  | { kind: "place"; how: "only" | "add" }
  | { kind: "competitor" }
  | StreetPick
  | EventPick
  | { kind: "barrier"; line: readonly Position[] };

export const STREET_PICK: StreetPick = { kind: "street", found: null, isAsking: false, error: null };
export const BARRIER_PICK: Pick = { kind: "barrier", line: [] };
