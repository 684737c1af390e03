import { describe, expect, it } from "vitest";
import type { ForecastHour } from "../api/types.ts";
import { busiestHour, dayName, hourOf, hoursOf, niceTop, range, round, weekdayOf } from "./bands.ts";

function hour(start: string, expected: number): ForecastHour {
  const band = { q025: 0, q10: 0.8 * expected, q25: 0, q50: expected, q75: 0, q90: 1.2 * expected, q975: 0 };
  return { start, expected, ...band, is_less_certain: false };
}

const HOURS = [
  hour("2026-10-24T23:00:00+02:00", 12),
  hour("2026-10-25T02:00:00+02:00", 4),
  hour("2026-10-25T14:00:00+01:00", 350),
];

describe("a forecast in words", () => {
  it("promises no single persons", () => {
    expect([round(3), round(97), round(352), round(1234), round(12_345)]).toEqual([
      "5",
      "95",
      "350",
      "1.250",
      "12.300",
    ]);
    expect(range(HOURS[2]!)).toBe("280 tot 420");
  });

  it("names days as they are called here", () => {
    expect(weekdayOf("2026-11-28")).toBe(5);
    expect(dayName("2026-11-28")).toMatch(/^za\.? 28\/11$/);
  });

  it("takes the hours of a day from the clock on the wall, on the night the clock is put back too", () => {
    expect(hoursOf(HOURS, "2026-10-25").map(hourOf)).toEqual([2, 14]);
    expect(busiestHour(HOURS)?.expected).toBe(350);
    expect(busiestHour([])).toBeNull();
  });

  it("ends the axis at a round number that holds the largest", () => {
    expect([niceTop(1), niceTop(420), niceTop(7001), niceTop(10_000)]).toEqual([1, 500, 8000, 10_000]);
  });
});
