import { expect, it } from "vitest";
import type { PublicUnit } from "../api/finder.ts";
import { ANYTHING, found, suitsFor } from "./wanted.ts";

const unit = (id: number, facts: PublicUnit["facts"], nis_code = "1"): PublicUnit => ({
  id,
  nis_code,
  facts,
  address: "",
  postcode: null,
  place: null,
  lon: 0,
  lat: 0,
  has_photo: false,
  surroundings: null,
  contact: null,
});
const ids = ({ fits, may }: ReturnType<typeof found>) => [fits.map(({ id }) => id), may.map(({ id }) => id)];

it("gives everything when nothing is asked", () => {
  expect(ids(found([unit(1, {}), unit(2, {}, "2")], ANYTHING))).toEqual([[1, 2], []]);
});

it("keeps apart what fits and what only may, and leaves out what does not", () => {
  const units = [unit(1, { floor_area_m2: 80 }), unit(2, { floor_area_m2: 130 }), unit(3, {})];
  expect(ids(found(units, { ...ANYTHING, min_m2: 60, max_m2: 100 }))).toEqual([[1], [3]]);
});

it("takes the ends of what is asked along", () => {
  const units = [unit(1, { floor_area_m2: 60, rent_eur_per_month: 900 })];
  expect(ids(found(units, { ...ANYTHING, min_m2: 60, max_m2: 60, max_rent: 900 }))).toEqual([[1], []]);
});

it("leaves out a unit of which one thing is against it although another is not said", () => {
  expect(ids(found([unit(1, { floor_area_m2: 40 })], { ...ANYTHING, min_m2: 60, max_rent: 900 }))).toEqual([
    [],
    [],
  ]);
});

it("knows of food and drink what the owner says of it before what planning allows", () => {
  expect(suitsFor(unit(1, { planning_use: "mixed", horeca: "unfit" }), "hospitality")).toBe(false);
  expect(suitsFor(unit(1, { planning_use: "retail", horeca: "with_works" }), "hospitality")).toBe(true);
  expect(suitsFor(unit(1, { planning_use: "mixed" }), "services")).toBe(true);
  expect(suitsFor(unit(1, { planning_use: "other" }), "retail")).toBe(false);
  expect(suitsFor(unit(1, {}), "retail")).toBeNull();
});

it("shows one town when one is chosen", () => {
  expect(ids(found([unit(1, {}), unit(2, {}, "2")], { ...ANYTHING, town: "2" }))).toEqual([[2], []]);
});
