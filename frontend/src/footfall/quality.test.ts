import { describe, expect, it } from "vitest";
import type { CountFinding, SensorQuality } from "../api/types.ts";
import { PARTS, partsOf } from "./quality-chart.ts";
import { bySensor, shownAs } from "./quality-order.ts";

function finding(patch: Partial<CountFinding>): CountFinding {
  return {
    id: 1,
    sensor_id: 1,
    sensor: "Markt",
    kind: "level_shift",
    from: "2026-03-03T00:00:00+01:00",
    to: "2026-03-24T00:00:00+01:00",
    hours: 504,
    strength: 2,
    sentence: "",
    state: "open",
    is_counted: true,
    is_decidable: true,
    decided_at: null,
    decided_by: null,
    reason: null,
    ...patch,
  };
}

function quality(patch: Partial<SensorQuality>): SensorQuality {
  return {
    sensor_id: 1,
    sensor: "Markt",
    n_expected: 100,
    valid_share: 0.8,
    in_doubt_share: 0.1,
    left_out_share: 0.06,
    missing_share: 0.04,
    fillable_share: 0.07,
    n_open: 1,
    ...patch,
  };
}

describe("what became of the hours of a sensor", () => {
  it("adds up to all of them, filled and unknown being what is left out or missing", () => {
    const parts = partsOf(quality({}))!;
    expect(parts.filled).toBeCloseTo(0.07);
    expect(parts.unknown).toBeCloseTo(0.03);
    expect(PARTS.reduce((sum, part) => sum + parts[part], 0)).toBeCloseTo(1);
  });

  it("says nothing of a sensor that should not have counted", () => {
    expect(partsOf(quality({ valid_share: null }))).toBeNull();
  });
});

describe("findings in order", () => {
  it("puts the sensor with the newest finding first, and the newest first within it", () => {
    const groups = bySensor([
      finding({ id: 1, from: "2026-01-01" }),
      finding({ id: 2, sensor_id: 2, sensor: "Station", from: "2026-02-01" }),
      finding({ id: 3, from: "2026-03-01" }),
    ]);
    expect(groups.map(([name, items]) => [name, items.map(({ id }) => id)])).toEqual([
      ["Markt", [3, 1]],
      ["Station", [2]],
    ]);
  });

  it("keeps hours that miss apart from what is to be judged and what was", () => {
    expect(shownAs(finding({ kind: "gap", is_decidable: false }))).toBe("gap");
    expect(shownAs(finding({}))).toBe("open");
    expect(shownAs(finding({ state: "overruled" }))).toBe("decided");
  });
});
