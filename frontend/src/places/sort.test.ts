import { expect, it } from "vitest";
import { aPoints } from "../api/points.fixture.ts";
import { type Sort, sortUnits } from "./sort.ts";

const points = aPoints([
  { address: "Markt 10", floor_area_m2: 50, vacancy_class: "initial", footfall_per_day: 900 },
  { address: "Markt 9", floor_area_m2: null, vacancy_class: "structural", footfall_per_day: null },
  {
    address: "Éikstraat 1",
    floor_area_m2: 200,
    vacancy_class: null,
    state: "occupied",
    footfall_per_day: 100,
  },
  { address: "Astridlaan 2", floor_area_m2: 200, vacancy_class: "long_term", footfall_per_day: 500 },
]);
const ranked = { score: [60, 80, 95, Number.NaN], rank: [2, 1, 0, 0] };
const collator = new Intl.Collator("nl-BE", { numeric: true, sensitivity: "base" });
const sorted = (sort: Sort) => sortUnits(points, [0, 1, 2, 3], sort, ranked, collator);

it("puts the ranked units first and what is not ranked after them by score", () => {
  expect(sorted("score")).toEqual([1, 0, 2, 3]);
});

it("puts a unit without the figure last", () => {
  expect(sorted("floor_area").at(-1)).toBe(1);
  expect(sorted("footfall").at(-1)).toBe(1);
});

it("keeps the order of the ranking among equals", () => {
  expect(sorted("floor_area").slice(0, 2)).toEqual([2, 3]);
});

it("puts the longest vacant first and what is not vacant last", () => {
  expect(sorted("duration")).toEqual([1, 3, 0, 2]);
});

it("sorts house numbers as numbers and accents beside their letter", () => {
  expect(sorted("address")).toEqual([3, 2, 1, 0]);
});

it("leaves the given list as it was", () => {
  const indices = [3, 2, 1, 0];
  sortUnits(points, indices, "score", ranked, collator);
  expect(indices).toEqual([3, 2, 1, 0]);
});

it("units of which only the kind of street is known come after those with a number, main streets first", () => {
  const points = aPoints([
    { footfall_class: "side" },
    { footfall_per_day: 10, footfall_class: "side" },
    {},
    { footfall_class: "main" },
    { footfall_class: "secondary" },
  ]);
  const nobody = { score: points.ids.map(() => 0), rank: points.ids.map(() => 0) };
  const sorted = sortUnits(points, [0, 1, 2, 3, 4], "footfall", nobody, new Intl.Collator("nl"));
  expect(sorted).toEqual([1, 3, 4, 0, 2]);
});
