import type { Points, VacancyClass } from "../api/types.ts";

export const SORTS = ["score", "floor_area", "footfall", "duration", "address"] as const;
export type Sort = (typeof SORTS)[number];

const DURATION: Record<VacancyClass, number> = { structural: 3, long_term: 2, initial: 1, unknown: 0 };

/** Units of which only the kind of street is known come after all that have a number, main streets first. */
const KIND_ORDER = { main: -1, secondary: -2, side: -3, none: -4 } as const;

interface Ranked {
  score: ArrayLike<number>;
  /** 0 for a unit that is not ranked. */
  rank: ArrayLike<number>;
}

/** Sorted copy of `indices`; units without the figure come last, and equals stand in the order of the ranking. */
export function sortUnits(
  points: Points,
  indices: readonly number[],
  sort: Sort,
  ranked: Ranked,
  collator: Intl.Collator,
): number[] {
  const byRank = (a: number, b: number) =>
    rankKey(ranked, a) - rankKey(ranked, b) || scoreKey(ranked, b) - scoreKey(ranked, a) || a - b;
  if (sort === "score") return [...indices].sort(byRank);
  if (sort === "address") {
    const address = (i: number) => points.address[i] ?? "";
    return [...indices].sort((a, b) => collator.compare(address(a), address(b)) || byRank(a, b));
  }
  const key = KEYS[sort];
  return [...indices].sort((a, b) => key(points, b) - key(points, a) || byRank(a, b));
}

/** The ranked units first, best first; what is not ranked (because it is not vacant) follows by its score. */
function rankKey({ rank }: Ranked, i: number): number {
  return rank[i]! || Number.MAX_SAFE_INTEGER;
}

function scoreKey({ score }: Ranked, i: number): number {
  const value = score[i]!;
  return Number.isNaN(value) ? -1 : value;
}

const KEYS: Record<Exclude<Sort, "score" | "address">, (points: Points, i: number) => number> = {
  floor_area: (points, i) => points.floor_area_m2[i] ?? -1,
  footfall: (points, i) => points.footfall_per_day[i] ?? KIND_ORDER[points.footfall_class[i] ?? "none"],
  duration: (points, i) => {
    const vacancyClass = points.vacancy_class[i];
    return vacancyClass ? DURATION[vacancyClass] : -1;
  },
};
