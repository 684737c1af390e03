import type { Position, StreetSegment } from "../api/types.ts";

interface StreetPick {
  kind: "street";
  found: StreetSegment | null;
  isAsking: boolean;
  error: unknown;
}

/** What the next click on the map is for. */
export type Pick =
  | { kind: "place"; how: "only" | "add" }
  | { kind: "competitor" }
  | StreetPick
  | { kind: "barrier"; line: readonly Position[] };

export const STREET_PICK: StreetPick = { kind: "street", found: null, isAsking: false, error: null };
export const BARRIER_PICK: Pick = { kind: "barrier", line: [] };
