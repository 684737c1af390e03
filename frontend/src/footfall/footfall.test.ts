import { describe, expect, it } from "vitest";
import type { Sensor } from "../api/types.ts";
import { nearestSensors } from "./nearest.ts";
import { everyMonth, perDay } from "./per-day.ts";
import { dayTotal, niceTop, peakOf, readProfile } from "./profile.ts";

const month = (start: string, value: number | null, coverage = 1) => ({ start, value, coverage, flagged: 0 });

describe("the usual week", () => {
  const cells = [
    { weekday: 1, hour: 10, value: 50, n: 12 },
    { weekday: 3, hour: 14, value: 220, n: 12 },
    { weekday: 7, hour: 0, value: 1, n: 12 },
  ];

  it("is seven days of twenty-four hours, unknown where nothing was counted", () => {
    const profile = readProfile(cells)!;
    expect(profile).toHaveLength(7);
    expect(profile[2]![14]).toBe(220);
    expect(profile[6]![0]).toBe(1);
    expect(profile[0]![11]).toBeNull();
  });

  it("is nothing when nothing was counted", () => {
    expect(readProfile([])).toBeNull();
  });

  it("has one busiest hour", () => {
    expect(peakOf(readProfile(cells)!)).toEqual({ day: 2, hour: 14, value: 220 });
  });

  it("has a total for a day only when most of its hours are known", () => {
    expect(dayTotal(new Array(24).fill(2))).toBe(48);
    expect(dayTotal([...new Array(18).fill(2), ...new Array(6).fill(null)])).toBe(36);
    expect(dayTotal([...new Array(17).fill(2), ...new Array(7).fill(null)])).toBeNull();
  });
});

describe("months", () => {
  it("of full length are divided by their own days", () => {
    expect(perDay(month("2026-01-01T00:00:00+01:00", 31_000)).value).toBeCloseTo(1000);
    const february = (28 * 1440) / 43_800;
    expect(perDay(month("2026-02-01T00:00:00+01:00", 28_000, february)).value).toBeCloseTo(1000);
    expect(perDay(month("2026-02-01T00:00:00+01:00", 28_000, february)).coverage).toBeCloseTo(1);
  });

  it("of which half was counted are divided by the half", () => {
    const half = (15 * 1440) / 43_800;
    const result = perDay(month("2026-06-01T00:00:00+02:00", 15_000, half));
    expect(result.value).toBeCloseTo(1000);
    expect(result.coverage).toBeCloseTo(0.5);
  });

  it("without counts have no value rather than none passing", () => {
    expect(perDay(month("2026-06-01", null)).value).toBeNull();
    expect(perDay(month("2026-06-01", 0, 0)).value).toBeNull();
  });

  it("that are absent become gaps, across the turn of a year", () => {
    const filled = everyMonth([month("2025-11-01T00:00:00+01:00", 1), month("2026-02-01T00:00:00+01:00", 2)]);
    expect(filled.map((item) => item.start.slice(0, 7))).toEqual([
      "2025-11",
      "2025-12",
      "2026-01",
      "2026-02",
    ]);
    expect(filled[1]!.value).toBeNull();
    expect(everyMonth([])).toEqual([]);
  });
});

describe("the nearest sensors", () => {
  const sensor = (id: number, lon: number, lat: number) =>
    ({ id, name: `S${id}`, lon, lat, footfall_per_day: {} }) as Sensor;
  const place = { lon: 3, lat: 51 };

  it("come nearest first, at most three, none beyond a walk", () => {
    const sensors = [
      sensor(1, 3.01, 51),
      sensor(2, 3.001, 51),
      sensor(3, 3, 51.002),
      sensor(4, 3.2, 51),
      sensor(5, 3, 51.009),
    ];
    const near = nearestSensors(place, sensors);
    expect(near.map(({ id }) => id)).toEqual([2, 3, 1]);
    expect(near[1]!.distance_m).toBeCloseTo(222.6, 0);
    expect(near[0]!.distance_m).toBeCloseTo(70.1, 0);
  });

  it("stand beside those that the estimate names, in order of distance", () => {
    const place = { lat: 51, lon: 3 };
    const named = [{ id: 9, name: "nine", distance_m: 100 }];
    const sensors = [sensor(1, 3.001, 51), sensor(9, 3.002, 51), sensor(2, 3.002, 51), sensor(3, 3.003, 51)];
    expect(nearestSensors(place, sensors, { named }).map(({ id }) => id)).toEqual([1, 9, 2]);
  });

  it("count people on foot", () => {
    const counter = { ...sensor(1, 3, 51), footfall_per_day: null };
    expect(nearestSensors(place, [counter, sensor(2, 3.001, 51)]).map(({ id }) => id)).toEqual([2]);
  });

  it("are none where there are none", () => {
    expect(nearestSensors(place, [])).toEqual([]);
  });
});

it("ends an axis at a round number not below the largest value", () => {
  expect([0, 7, 180, 1234, 9800].map(niceTop)).toEqual([1, 7.5, 200, 1500, 10_000]);
});
