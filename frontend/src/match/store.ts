import type { UnitMatches } from "../api/match.ts";

/** The matches that are in view: one list beside the map and on it. */
class MatchStore extends EventTarget {
  shown: UnitMatches | null = null;

  show(shown: UnitMatches | null): void {
    if (shown === this.shown) return;
    this.shown = shown;
    this.dispatchEvent(new Event("change"));
  }
}

export const matchStore = new MatchStore();
