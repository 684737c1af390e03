import { describe, expect, it } from "vitest";
import { pointsOn, quarterDays, readPastDay, stepOf } from "./past-days.ts";
import { ordered } from "./rate-bars.ts";

describe("a past day", () => {
  it("is a real day before today; anything else is today", () => {
    expect(readPastDay("2020-02-29", "2026-01-01")).toBe("2020-02-29");
    for (const value of ["2021-02-29", "2026-01-01", "2027-01-01", "1899-12-31", "soon", "", null]) {
      expect(readPastDay(value, "2026-01-01")).toBeNull();
    }
  });

  it("has a step of the slider for each quarter of ten years, and today", () => {
    const days = quarterDays("2026-05-15");
    expect([days[0], days.at(-2), days.at(-1)]).toEqual(["2016-07-01", "2026-04-01", "2026-05-15"]);
    expect(days).toHaveLength(41);
    expect(new Set(days).size).toBe(41);
    expect(quarterDays("2026-04-01").filter((day) => day === "2026-04-01")).toHaveLength(1);
  });

  it("lies on the step before it", () => {
    const days = quarterDays("2026-05-15");
    expect(days[stepOf(days, "2020-05-09")]).toBe("2020-04-01");
    expect(stepOf(days, "2001-01-01")).toBe(0);
    expect(stepOf(days, "2026-05-15")).toBe(40);
  });

  it("has units without scores, and as many in each column", () => {
    const points = pointsOn({
      on: "2020-01-01",
      ids: [4, 7],
      lon: [3, 3],
      lat: [50, 50],
      state: ["vacant", "occupied"],
      branch_group: [null, "daily"],
      vacancy_class: ["initial", null],
      floor_area_m2: [100, null],
      core_id: [1, null],
      address: ["Markt 1", null],
      name: [null, "Bakker"],
      local_code: ["a", "b"],
      is_active: [true, false],
    });
    expect(points.score).toEqual([null, null]);
    expect(points.criteria).toEqual([]);
    expect("on" in points).toBe(false);
  });
});

it("orders bars as asked, with what has no rate at the end", () => {
  const row = (name: string, numerator: number, denominator: number) => ({
    name,
    units: { rate: denominator ? numerator / denominator : null, numerator, denominator },
    floor_area: {
      rate: null,
      numerator_m2: 0,
      denominator_m2: 0,
      coverage: null,
      reason: "no_units" as const,
    },
    unknown: 0,
  });
  const rows = [row("Markt", 2, 20), row("Dam", 1, 2), row("Ei", 0, 0)];
  const names = (order: "vacant" | "rate" | "name") => ordered(rows, order).map(({ name }) => name);
  expect(names("vacant")).toEqual(["Markt", "Dam", "Ei"]);
  expect(names("rate")).toEqual(["Dam", "Markt", "Ei"]);
  expect(names("name")).toEqual(["Dam", "Ei", "Markt"]);
});
