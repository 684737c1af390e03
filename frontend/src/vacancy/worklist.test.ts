import { expect, it } from "vitest";
import type { WorklistItem } from "../api/types.ts";
import { byStreet } from "./worklist-order.ts";

const item = (id: number, street: string | null) => ({ id, street }) as WorklistItem;

it("puts items under their street in the order in which they came", () => {
  const grouped = byStreet([item(3, "Markt"), item(1, "Markt"), item(2, null), item(4, "Kerkstraat")]);
  expect(grouped.map(([street, items]) => [street, items.map(({ id }) => id)])).toEqual([
    ["Markt", [3, 1]],
    [null, [2]],
    ["Kerkstraat", [4]],
  ]);
});

it("loses no item and names no street twice", () => {
  const items = Array.from({ length: 50 }, (_, i) => item(i, `s${i % 7}`));
  const grouped = byStreet(items);
  expect(grouped.flatMap(([, part]) => part.map(({ id }) => id)).sort((a, b) => a - b)).toEqual(
    items.map(({ id }) => id),
  );
  expect(new Set(grouped.map(([street]) => street)).size).toBe(grouped.length);
});
