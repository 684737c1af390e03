import { describe, expect, it } from "vitest";
import type { HistoryItem } from "../api/types.ts";
import { isSure, timelineBars, yearTicks } from "./timeline-scale.ts";

const NOW = new Date("2026-07-02T00:00:00Z");
const item = (fields: Partial<HistoryItem>): HistoryItem => ({
  kind: "occupancy",
  from: null,
  to: null,
  from_earliest: null,
  start_basis: "exact",
  occupant_name: null,
  branch_code: null,
  branch_label: null,
  cause: null,
  end_reason: null,
  is_popup: false,
  source: null,
  ...fields,
});

describe("the bars of a timeline", () => {
  it("places the middle of ten years in the middle", () => {
    const [bar] = timelineBars([item({ from: "2021-07-02", to: "2026-07-02" })], NOW);
    expect(bar!.from).toBeCloseTo(0.5, 3);
    expect(bar!.to).toBeCloseTo(1, 3);
    expect(bar!.maybe).toBe(bar!.from);
  });

  it("leaves out what ended before the ten years and cuts what began before them", () => {
    const bars = timelineBars(
      [item({ from: "2001-01-01", to: "2010-01-01" }), item({ from: "2010-01-01", to: null })],
      NOW,
    );
    expect(bars).toHaveLength(1);
    expect([bars[0]!.from, bars[0]!.to]).toEqual([0, 1]);
  });

  it("draws an uncertain start from its earliest day", () => {
    const [bar] = timelineBars(
      [
        item({
          kind: "vacancy",
          from: "2024-07-02",
          from_earliest: "2023-07-02",
          start_basis: "between_visits",
        }),
      ],
      NOW,
    );
    expect(bar!.from - bar!.maybe).toBeCloseTo(0.1, 3);
  });

  it("lets a start without an earliest day reach back to the end of the period before", () => {
    const bars = timelineBars(
      [
        item({ from: "2022-07-02", to: null, start_basis: "first_seen" }),
        item({ from: "2017-07-02", to: "2020-07-02" }),
      ],
      NOW,
    );
    expect(bars[1]!.maybe).toBeCloseTo(bars[0]!.to, 6);
    expect(bars[1]!.maybe).toBeLessThan(bars[1]!.from);
  });

  it("knows a sure start from an unsure one", () => {
    expect(isSure(item({ from: "2020-01-01", start_basis: "exact" }))).toBe(true);
    expect(
      isSure(item({ from: "2020-01-01", from_earliest: "2020-01-01", start_basis: "between_visits" })),
    ).toBe(true);
    expect(
      isSure(item({ from: "2020-01-01", from_earliest: "2019-01-01", start_basis: "between_visits" })),
    ).toBe(false);
  });

  it("never ends before it begins", () => {
    for (const bar of timelineBars([item({ from: "2020-01-01", to: "2019-01-01" }), item({})], NOW)) {
      expect(bar.maybe).toBeLessThanOrEqual(bar.from);
    }
  });
});

it("marks each first of January of the ten years", () => {
  const ticks = yearTicks(NOW);
  expect(ticks.map(({ year }) => year)).toEqual([2017, 2018, 2019, 2020, 2021, 2022, 2023, 2024, 2025, 2026]);
  expect(ticks[0]!.at).toBeCloseTo(0.05, 2);
});
