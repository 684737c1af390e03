import { expect, it } from "vitest";
import { splitSum, startParts } from "./split.ts";

it("begins with two halves that make up the whole", () => {
  for (const area of [200, 201, 85.5, 0]) {
    expect(splitSum(area, startParts(area, false, false), 0).left).toBe(0);
  }
});

it("leaves who trades in the first part only", () => {
  expect(startParts(100, true, false).map((part) => part.state)).toEqual(["as_before", "vacant"]);
  expect(startParts(100, false, false).map((part) => part.state)).toEqual(["as_before", "as_before"]);
});

it("says nothing of what is left where an area is not known", () => {
  expect(splitSum(null, startParts(null, false, false), 0).left).toBeNull();
  const [first, second] = startParts(100, false, true);
  expect(splitSum(100, [first!, { ...second!, floor_area_m2: null }], 0).left).toBeNull();
  expect([first!.box, second!.box]).toEqual([null, null]);
});

it("counts what goes to no part", () => {
  const parts = startParts(100, false, false).map((part) => ({ ...part, floor_area_m2: 40 }));
  expect(splitSum(100, parts, 20).left).toBe(0);
  expect(splitSum(100, parts, 0).left).toBe(20);
});
