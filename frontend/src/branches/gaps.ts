import type { Gap, GapKind, PeerFact } from "../api/branches.ts";
import { collator, euro, number, percent } from "../text/format.ts";

export const FILTERS = ["missing", "void", "gap", "surplus", "all"] as const;
export type Filter = (typeof FILTERS)[number];
const STRENGTH = { sure: 0, likely: 1, few_peers: 2, usual: 2, too_few: 3 } as const;
const KINDS: Record<Filter, readonly (GapKind | null)[]> = {
  missing: ["void", "gap"],
  void: ["void"],
  gap: ["gap"],
  surplus: ["surplus"],
  all: ["void", "gap", "even", "surplus", null],
};

/** Rows of a filter: what is told with the most certainty first, the largest gap of those first. */
export function shownGaps(rows: readonly Gap[], filter: Filter): Gap[] {
  const strength = ({ certainty }: Gap) => (certainty === null ? 4 : STRENGTH[certainty]);
  const size = ({ gap }: Gap) => Math.abs(gap ?? 0);
  return rows
    .filter(({ kind }) => KINDS[filter].includes(kind))
    .sort(
      (a, b) => strength(a) - strength(b) || size(b) - size(a) || collator().compare(a.label_nl, b.label_nl),
    );
}

/** A number of shops that need not be whole. */
export function shops(value: number): string {
  return number(value, Math.abs(value) < 10 ? 1 : 0);
}

/** A fact about a town in its own unit. */
export function factValue(fact: PeerFact, value: number): string {
  if (fact === "near_core_share") return percent(value, 0);
  if (fact === "income_eur") return euro(value);
  return number(value, fact === "shops_per_1000" ? 1 : 0);
}

/** Where the usual range and the town's own number lie on a line from nothing to the largest of them, percent of its length. */
export function strip(row: Gap): { from: number; to: number; own: number } | null {
  if (row.usual_lower === null || row.usual_upper === null) return null;
  const most = Math.max(row.usual_upper, row.n_own, 1) / 100;
  return { from: row.usual_lower / most, to: row.usual_upper / most, own: row.n_own / most };
}
