import type { WorklistItem } from "../api/types.ts";

/** Items under their street, both in the order in which they came. */
export function byStreet(items: readonly WorklistItem[]): [string | null, WorklistItem[]][] {
  const streets = new Map<string | null, WorklistItem[]>();
  for (const item of items) {
    const known = streets.get(item.street);
    if (known) known.push(item);
    else streets.set(item.street, [item]);
  }
  return [...streets];
}
