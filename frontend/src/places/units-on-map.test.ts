import { describe, expect, it } from "vitest";
import { aPoints } from "../api/points.fixture.ts";
import { durationText } from "./duration.ts";
import { nearestIndex, thinned } from "./unit-pick.ts";
import { legendStyles, scoreClass, unitRadius, unitStyle } from "./unit-style.ts";

describe("symbols", () => {
  const points = aPoints([
    { state: "vacant", vacancy_class: "structural" },
    { state: "occupied" },
    { state: "non_retail" },
    { state: "unknown" },
    { state: "vacant", vacancy_class: null },
  ]);
  const score = [50, 90, Number.NaN, 0, 100];

  it("shows a vacant unit as a diamond under every colouring, and nothing else so", () => {
    for (const colouring of ["state", "score", "duration"] as const) {
      const shapes = points.ids.map((_, i) => unitStyle(points, i, colouring, score).shape);
      expect(shapes.map((shape) => shape === "diamond")).toEqual([true, false, false, false, true]);
    }
  });

  it("gives each kind a key of its own, so that no two share a stamp", () => {
    const keys = new Map<string, string>();
    for (const colouring of ["state", "score", "duration"] as const) {
      points.ids.forEach((_, i) => {
        const { key, ...look } = unitStyle(points, i, colouring, score);
        const known = keys.get(key);
        if (known) expect(known).toBe(JSON.stringify(look));
        keys.set(key, JSON.stringify(look));
      });
    }
    expect(keys.size).toBeGreaterThan(8);
  });

  it("is in the legend of its colouring", () => {
    for (const colouring of ["state", "duration"] as const) {
      const listed = legendStyles(colouring).map(({ style }) => style.key);
      points.ids.forEach((_, i) => {
        expect(listed).toContain(unitStyle(points, i, colouring, score).key);
      });
    }
  });

  it("puts a score on its class border into the higher class", () => {
    expect([0, 19.9, 20, 79.9, 80, 100].map(scoreClass)).toEqual([0, 0, 1, 3, 4, 4]);
  });

  it("grows with the zoom within bounds", () => {
    for (let zoom = 10; zoom < 20; zoom += 1) {
      expect(unitRadius(zoom + 1)).toBeGreaterThanOrEqual(unitRadius(zoom));
    }
  });
});

describe("picking a unit", () => {
  const positions = new Float32Array([10, 10, 50, 50, 50, 50, Number.NaN, Number.NaN]);

  it("finds the nearest within reach", () => {
    expect(nearestIndex(positions, 13, 12, 8)).toBe(0);
    expect(nearestIndex(positions, 30, 30, 8)).toBeNull();
  });

  it("finds the one on top where two lie on each other", () => {
    expect(nearestIndex(positions, 50, 50, 8)).toBe(2);
  });
});

describe("thinning", () => {
  const size = { width: 100, height: 100 };

  it("draws everything when there is little", () => {
    const isCrowded = thinned(false, 4, size);
    expect([isCrowded(5, 5, 1), isCrowded(5, 5, 1)]).toEqual([false, false]);
  });

  it("skips a symbol on one of its kind but never one that matters more", () => {
    const isCrowded = thinned(true, 4, size);
    expect([isCrowded(5, 5, 2), isCrowded(5, 5, 2), isCrowded(5, 5, 4), isCrowded(50, 5, 2)]).toEqual([
      false,
      true,
      false,
      false,
    ]);
  });
});

describe("durations", () => {
  const now = new Date("2026-11-24T00:00:00Z");

  it("are a range when the start lies between two days", () => {
    expect(durationText("2023-02-01", "2023-09-15", now)).toBe("3,2 jaar tot 3,8 jaar");
  });

  it("are counted in months below two years", () => {
    expect(durationText("2026-03-24", "2026-03-24", now)).toBe("8 maanden");
    expect(durationText(null, "2026-03-25", now)).toBe("7 maanden");
  });

  it("are unknown without any day", () => {
    expect(durationText(null, null, now)).toBe("onbekend");
  });
});
