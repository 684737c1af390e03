import { describe, expect, it } from "vitest";
import type { SeriesPoint } from "../api/types.ts";
import { drawnSeries } from "./history-scale.ts";

const NO_AREA = {
  rate: null,
  numerator_m2: 0,
  denominator_m2: 0,
  coverage: 0.5,
  reason: "coverage",
} as const;
const point = (on: string, rate: number, stretch = 0): SeriesPoint => ({
  on,
  rate,
  stretch,
  numerator: rate * 100,
  denominator: 100,
  floor_area: NO_AREA,
});
const given = (on: string) => ({
  on,
  kind: "definition",
  reason: "anders geteld",
  source: null,
  is_automatic: false,
  before: null,
  after: null,
});
const YEARS = ["2018", "2019", "2020", "2021"].map((year, i) => point(`${year}-01-01`, 0.1, i < 2 ? 0 : 1));

describe("the chart of a history", () => {
  it("draws no line across a break, and a mark where it lies", () => {
    const drawn = drawnSeries(YEARS, [given("2020-01-01"), given("2030-01-01")], "units")!;
    expect(drawn.paths).toHaveLength(2);
    expect(drawn.points).toHaveLength(4);
    expect(drawn.breaks).toEqual([drawn.points[2]!.x]);
    expect(drawn.shown).toHaveLength(1);
  });

  it("joins what lies in one stretch", () => {
    const drawn = drawnSeries(
      YEARS.map((row) => ({ ...row, stretch: 0 })),
      [],
      "units",
    )!;
    expect(drawn.paths).toHaveLength(1);
    expect(drawn.paths[0]!.match(/L/g)).toHaveLength(3);
  });

  it("does not join two floor area rates when the one between could not be given", () => {
    const area = (rate: number | null) => ({ ...NO_AREA, rate, reason: null }) as SeriesPoint["floor_area"];
    const series = [0.1, 0.2, null, 0.3, 0.2].map((rate, i) => ({
      ...point(`201${i + 1}-01-01`, 0.5),
      floor_area: area(rate),
    }));
    const drawn = drawnSeries(series, [], "area")!;
    expect(drawn.points).toHaveLength(4);
    expect(drawn.paths).toHaveLength(2);
  });

  it("shows the last ten years, from nought upwards", () => {
    const drawn = drawnSeries([point("2001-01-01", 0.9), ...YEARS], [], "units")!;
    expect(drawn.first.on).toBe("2018-01-01");
    expect(drawn.levels[0]).toEqual({ share: 0, y: 112 });
    for (const { x, y } of drawn.points) {
      expect(x >= 30 && x <= 316 && y >= 10 && y <= 112).toBe(true);
    }
  });

  it("begins at the first vacancy that was written down, and shows a nought that stays nought", () => {
    const noughts = ["2012", "2013"].map((year) => point(`${year}-01-01`, 0));
    expect(drawnSeries([...noughts, ...YEARS], [], "units")!.first.on).toBe("2018-01-01");
    expect(drawnSeries(noughts, [], "units")!.points).toHaveLength(2);
  });

  it("is nothing when there is nothing to join", () => {
    expect(drawnSeries([], [], "units")).toBeNull();
    expect(drawnSeries(YEARS.slice(0, 1), [], "units")).toBeNull();
    expect(drawnSeries(YEARS, [], "area")).toBeNull();
  });
});
