import type { RoundDifference, RoundKind } from "../api/types.ts";

/** The order of the list: what changes the register most comes first, what only confirms it last. */
export const KINDS: readonly RoundKind[] = [
  "became_vacant",
  "let",
  "other_occupant",
  "now_trading",
  "non_retail",
  "not_found",
  "new_unit",
  "taken_back",
  "confirmed",
];

/** Units by kind, those that a person must settle first. */
export function grouped(items: readonly RoundDifference[]): Map<RoundKind, RoundDifference[]> {
  const groups = new Map<RoundKind, RoundDifference[]>();
  for (const item of items) groups.set(item.kind, [...(groups.get(item.kind) ?? []), item]);
  for (const group of groups.values()) {
    group.sort((a, b) => Number(b.needs_choice) - Number(a.needs_choice) || a.position - b.position);
  }
  return groups;
}

/** Observations that may be decided together: all that wait, but of no unit about which a person must choose. */
export function openIds(items: readonly RoundDifference[]): number[] {
  return items
    .filter((item) => !item.needs_choice)
    .flatMap((item) => item.observations)
    .filter((one) => one.decision === "pending")
    .map((one) => one.id);
}
