import { describe, expect, it } from "vitest";
import { shade, stepFrom } from "./heat-map.ts";
import { along, linePath, weeksOf, xOf, yOf } from "./week-lines.ts";

const SCALE = { left: 10, width: 100, top: 0, height: 50, lowest: 0, highest: 10, steps: 11 };

describe("lines over weeks", () => {
  it("begin left and end right, high is up", () => {
    expect([xOf(SCALE, 1), xOf(SCALE, 11), yOf(SCALE, 0), yOf(SCALE, 10)]).toEqual([10, 110, 50, 0]);
  });

  it("stop at a week without a figure and at a week that misses", () => {
    const known = (week: number) => ({ week, value: 5 });
    const gap = [known(1), known(2), { week: 3, value: null }, known(4), known(6)];
    expect(linePath(gap, SCALE).match(/M/g)).toHaveLength(3);
    expect(linePath([known(1), known(2), known(3)], SCALE).match(/M/g)).toHaveLength(1);
  });

  it("takes the weeks of one ISO year in their order", () => {
    const weeks = [
      { year: 2025, week: 2, per_day: 8 },
      { year: 2025, week: 1, per_day: null },
      { year: 2024, week: 1, per_day: 3 },
    ];
    expect(weeksOf(weeks, 2025)).toEqual([
      { week: 1, value: null },
      { week: 2, value: 8 },
    ]);
  });

  it("puts the same Monday of two series at the same place, also over summer time", () => {
    const weeks = [
      { starts_on: "2026-03-23", index: 100 },
      { starts_on: "2026-03-30", index: 90 },
    ];
    expect(along(weeks, "2026-03-16").map(({ week }) => week)).toEqual([2, 3]);
  });
});

describe("the shade of an hour", () => {
  it("is palest at nothing and darkest at the top", () => {
    expect(shade(0, 100)).not.toBe(shade(50, 100));
    expect(shade(100, 100)).toBe(shade(99, 100));
    expect(shade(-1, 100)).toBe(shade(0, 100));
  });

  it("changes where the key says a step begins", () => {
    for (const step of [1, 2, 3, 4, 5]) {
      const from = stepFrom(step, 360);
      expect(shade(from + 0.01, 360)).not.toBe(shade(from - 0.01, 360));
    }
  });
});
