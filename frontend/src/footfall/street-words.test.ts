import { expect, test } from "vitest";
import type { StreetFootfall } from "../api/types.ts";
import { fromSegment, widthOf, widthOfKind } from "./street-lines.ts";
import {
  boundsOf,
  busyText,
  classOnlyTexts,
  pairsInOrder,
  rankStreets,
  type StreetFeature,
  tellingFactors,
} from "./street-words.ts";

function part(id: number, properties: Partial<StreetFootfall>): StreetFeature {
  return {
    type: "Feature",
    id,
    geometry: {
      type: "LineString",
      coordinates: [
        [3 + id / 100, 51],
        [3.5, 51 + id / 100],
      ],
    },
    properties: {
      segment_id: id,
      name: "Markt",
      shop_units: 1,
      footfall_per_day: 100,
      lower_per_day: 50,
      upper_per_day: 200,
      passage_class: "B1",
      footfall_class: "secondary",
      class_reason: null,
      is_class_only: true,
      reason: null,
      gain_share: null,
      ...properties,
    },
  };
}

test("a street stands for its busiest part with shops, and streets without shops or name are left out", () => {
  const ranked = rankStreets([
    part(1, { footfall_per_day: 900, shop_units: 0 }),
    part(2, { footfall_per_day: 300 }),
    part(3, { name: "Kaai", footfall_per_day: 400, shop_units: 2 }),
    part(4, { name: null, footfall_per_day: 5000 }),
    part(5, { name: "Leeg", shop_units: 0 }),
    part(6, { name: "Ver", footfall_per_day: null, reason: "no_sensor_within_reach" }),
  ]);
  expect(ranked.map(({ name, busiest }) => [name, busiest.segment_id])).toEqual([
    ["Kaai", 3],
    ["Markt", 2],
    ["Ver", 6],
  ]);
});

test("the box around a street holds all of its parts", () => {
  expect(boundsOf([part(1, {}), part(2, {})])).toEqual([3.01, 51, 3.5, 51.02]);
  expect(boundsOf([])).toBeUndefined();
});

test("a number is only given where the interval allows one", () => {
  expect(busyText(part(1, { is_class_only: false }).properties)).toContain("100");
  expect(busyText(part(1, {}).properties)).toBe("Nevenstraat (B1)");
  expect(busyText(part(1, { passage_class: null }).properties)).toContain("100");
  expect(busyText(part(1, { footfall_per_day: null, reason: "no_sensor" }).properties)).not.toContain("0");
});

test("a rank correlation becomes the share of pairs in the right order", () => {
  expect(pairsInOrder(0)).toBeCloseTo(0.5);
  expect(pairsInOrder(1)).toBeCloseTo(1);
  expect(pairsInOrder(-1)).toBeCloseTo(0);
  expect(pairsInOrder(0.7)).toBeGreaterThan(0.7);
});

test("only what changes the number by a tenth is told, halving as strongly as doubling", () => {
  const told = tellingFactors([
    { code: "a", factor: 1.05 },
    { code: "b", factor: 1.3 },
    { code: "c", factor: 0.5 },
  ]);
  expect(told.map(({ code }) => code)).toEqual(["c", "b"]);
});

test("lines are as wide as the root of what passes, thinner from afar, and never wider than the street may be", () => {
  expect(widthOf(1000, 1000, 16)).toBe(15);
  expect(widthOf(250, 1000, 16)).toBe(7.5);
  expect(widthOf(1000, 1000, 14)).toBeLessThan(15);
  expect(widthOf(1e9, 1000, 16)).toBe(24);
  expect(widthOf(5, 0, 16)).toBe(0);
});

test("the distance to a line ends at its ends", () => {
  expect(fromSegment({ x: 5, y: 3 }, { x: 0, y: 0 }, { x: 10, y: 0 })).toBe(3);
  expect(fromSegment({ x: 13, y: 4 }, { x: 0, y: 0 }, { x: 10, y: 0 })).toBe(5);
  expect(fromSegment({ x: 3, y: 4 }, { x: 0, y: 0 }, { x: 0, y: 0 })).toBe(5);
});

const ONLY_KIND = {
  footfall_per_day: null,
  lower_per_day: null,
  upper_per_day: null,
  passage_class: null,
  class_reason: "few_counts",
} as const;

test("a street of which only the kind is known shows that and no number", () => {
  expect(busyText(part(1, { ...ONLY_KIND, footfall_class: "main" }).properties)).toBe("Hoofdstraat");
  expect(busyText(part(1, { ...ONLY_KIND, footfall_class: null }).properties)).toContain("geen getal");
});

test("where some streets have no number all stand by their kind, and by their number within it", () => {
  const ranked = rankStreets([
    part(1, { ...ONLY_KIND, name: "Zij", footfall_class: "side" }),
    part(2, { name: "Teller", footfall_class: "secondary", footfall_per_day: 900 }),
    part(3, { ...ONLY_KIND, name: "Hoofd", footfall_class: "main" }),
    part(4, { ...ONLY_KIND, name: "Neven", footfall_class: "secondary" }),
    part(5, { name: "Ver", footfall_class: null, footfall_per_day: null, reason: "no_sensor_within_reach" }),
  ]);
  expect(ranked.map(({ name }) => name)).toEqual(["Hoofd", "Teller", "Neven", "Zij", "Ver"]);
});

test("a street without numbers stands for its part of the best kind", () => {
  const [street] = rankStreets([
    part(1, { ...ONLY_KIND, footfall_class: "side" }),
    part(2, { ...ONLY_KIND, footfall_class: "main" }),
  ]);
  expect(street!.busiest.segment_id).toBe(2);
});

test("a core without numbers says how many counts it lacks, or how far the check was off", () => {
  const few = {
    core_id: 1,
    core: "Centrum",
    n_places: 6,
    n_missing: 2,
    spearman: 0.6,
    median_error_share: 0.5,
  };
  const failed = { ...few, core_id: 2, core: "Haven", n_places: 9, n_missing: 0, spearman: 0.3 };
  const elsewhere = { ...few, core_id: null, core: null };
  const told = classOnlyTexts({
    numbers: [
      { ...few, reason: "few_counts" },
      { ...failed, reason: "check_failed" },
      { ...elsewhere, reason: "few_counts" },
    ],
  });
  expect(told).toHaveLength(2);
  expect(told[0]).toContain("Centrum");
  expect(told[0]).toContain("Nog 2 tellers");
  expect(told[1]).toMatch(/Haven.*50\s?%/);
  expect(classOnlyTexts({ numbers: [{ ...elsewhere, reason: "few_counts" }] })[0]).toContain(
    "Buiten de kernen",
  );
  expect(classOnlyTexts({ numbers: [] })).toEqual([]);
});

test("lines of main, secondary and side streets differ in width, from afar too", () => {
  for (const zoom of [14, 16]) {
    expect(widthOfKind("main", zoom)).toBeGreaterThan(widthOfKind("secondary", zoom));
    expect(widthOfKind("secondary", zoom)).toBeGreaterThan(widthOfKind("side", zoom));
  }
});
