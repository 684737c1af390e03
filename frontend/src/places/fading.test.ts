import { describe, expect, it } from "vitest";
import { aPoints } from "../api/points.fixture.ts";
import { contrast, FRESHNESS, faded, fadedStyle, paler } from "./fading.ts";
import { filterUnits, NO_FILTERS, searchTexts } from "./filter.ts";
import { legendStyles } from "./unit-style.ts";

const STYLES = [...legendStyles("state"), ...legendStyles("duration")].map(({ style }) => style);

describe("fading", () => {
  it("counts contrast as WCAG does", () => {
    expect(contrast("#000000", "#ffffff")).toBeCloseTo(21, 5);
    expect(contrast("#777777", "#ffffff")).toBeCloseTo(4.48, 2);
  });

  it("keeps a line of enough contrast around whatever fades", () => {
    for (const style of STYLES) {
      for (const freshness of FRESHNESS.slice(1)) {
        expect(contrast(faded(style, freshness).line, "#ffffff")).toBeGreaterThanOrEqual(3);
      }
    }
  });

  it("gets paler with every step and never changes shape or size", () => {
    for (const style of STYLES) {
      const steps = FRESHNESS.map((code) => faded(style, code));
      const light = steps.map(({ fill }) => contrast(fill, "#ffffff"));
      expect(light).toEqual([...light].sort((a, b) => b - a));
      expect(new Set(steps.map(({ shape, size, order }) => `${shape}${size}${order}`)).size).toBe(1);
      expect(new Set(steps.map(({ key }) => key)).size).toBe(4);
      expect(steps[3]!.isDashed).toBe(true);
    }
  });

  it("leaves a fresh unit as it is, and a score too", () => {
    const points = aPoints([{ freshness: "never" }, { freshness: "fresh" }]);
    const style = (i: number, colouring: "state" | "score", fades = true) =>
      fadedStyle(points, i, { colouring, fades }, [50, 50]).key;
    expect(style(0, "state")).toBe("vacant-never");
    expect(style(0, "state", false)).toBe("vacant");
    expect(style(1, "state")).toBe("vacant");
    expect(style(0, "score")).toBe("diamond-2");
  });

  it("mixes with white", () => {
    expect([paler("#204060", 0), paler("#204060", 0.5), paler("#204060", 1)]).toEqual([
      "#204060",
      "#90a0b0",
      "#ffffff",
    ]);
  });
});

it("finds what was not seen for so long, and what nobody ever saw", () => {
  const points = aPoints([{ seen_months_ago: 11 }, { seen_months_ago: 12 }, { seen_months_ago: null }]);
  const texts = searchTexts(points);
  expect(filterUnits(points, { ...NO_FILTERS, notSeenMonths: 12 }, texts)).toEqual([1, 2]);
  expect(filterUnits(points, { ...NO_FILTERS, notSeenMonths: 0 }, texts)).toEqual([0, 1, 2]);
});
