import { afterEach, describe, expect, it } from "vitest";
import type { ClusterFigures, ClusterInventory, Clusters, Points } from "../api/types.ts";
import { setLanguage } from "../text/index.ts";
import {
  durationText,
  expectedText,
  floorAreaText,
  holmText,
  inventoryText,
  persistenceText,
  riskText,
} from "./cluster-words.ts";
import { boundsOf, unitsShown } from "./clusters-shown.ts";

const CLUSTER: ClusterFigures = {
  label: "Markt",
  units: 20,
  vacant: 12,
  expected: 3.1,
  relative_risk: 4.07,
  p_value: 0.001,
  replications: 999,
  floor_area_m2: 900,
  without_floor_area: 0,
  initial: 2,
  long_term: 9,
  structural: 0,
  unknown_duration: 1,
  uncertain_duration: 0,
  change: "growing",
  next_change: null,
  inventories: 3,
};

function inventory(patch: Partial<ClusterInventory>): ClusterInventory {
  const common = {
    on: "2025-01-01",
    is_today: false,
    reason: "not_more_than_chance",
    tested_units: 60,
    vacant: 6,
  };
  return { ...common, lowest_p_value: 0.2, p_value_over_inventories: 0.4, clusters: [], ...patch };
}

afterEach(() => setLanguage("nl"));

describe("what is told of a cluster", () => {
  it("says how many times as often as elsewhere, also where nothing else stands vacant", () => {
    expect(riskText(CLUSTER)).toBe("4,1 × zo vaak als elders");
    expect(riskText({ ...CLUSTER, relative_risk: null as unknown as number })).toContain("alle leegstand");
  });

  it("says of how many units the floor area is not known", () => {
    expect(floorAreaText(CLUSTER)).toContain("900");
    expect(floorAreaText({ ...CLUSTER, without_floor_area: 2 })).toContain("niet bekend bij 2");
    expect(floorAreaText({ ...CLUSTER, floor_area_m2: null })).toContain("van geen enkel pand");
  });

  it("lists only the durations there are, and says what is uncertain", () => {
    const text = durationText(CLUSTER);
    expect(text).toMatch(/: 2, .*: 9, .*: 1\./);
    expect(text).not.toContain(": 0");
    expect(durationText({ ...CLUSTER, uncertain_duration: 3 })).toContain("Bij 3");
    const unknown = { initial: null, long_term: null, structural: null, unknown_duration: null };
    expect(durationText({ ...CLUSTER, ...unknown })).toBe("");
  });

  it("says how many inventories it has lasted", () => {
    expect(persistenceText(CLUSTER)).toContain("3 inventarissen");
    expect(persistenceText({ ...CLUSTER, inventories: 1, change: "new" })).toContain("eerst");
    expect(persistenceText({ ...CLUSTER, inventories: 1, change: null })).toBe("");
  });
});

describe("what is told of an inventory", () => {
  it("tells no cluster from too little to test", () => {
    expect(inventoryText(inventory({}))).toBe("niet meer dan toeval");
    expect(inventoryText(inventory({ reason: "too_few_vacant" }))).toBe("te weinig om te toetsen");
    const one = { ...CLUSTER, id: 1, from_ids: [], to_ids: [], vacant_over_time: [] };
    expect(inventoryText(inventory({ clusters: [one] }))).toBe("1 cluster");
    expect(inventoryText(inventory({ clusters: [one, one] }))).toBe("2 clusters");
  });

  it("counts the inventories that stand when corrected for all that were looked at", () => {
    const kept = inventory({ p_value_over_inventories: 0.05 });
    const untested = inventory({ p_value_over_inventories: null });
    expect(holmText([kept, inventory({}), untested])).toMatch(/naar 2 inventarissen.*blijven er 1/);
    expect(holmText([kept, untested])).toBe("");
  });

  it("says what was expected only where something was tested", () => {
    const message = { message_nl: "", message_fr: "", message_en: "" };
    const verdict = {
      ...message,
      reason: "found",
      question: "location" as const,
      on: null,
      tested_units: 60,
    };
    expect(expectedText({ ...verdict, null_model: "homogeneous" })).toContain("verklaart hier niets");
    expect(expectedText({ ...verdict, null_model: "location_adjusted" })).toContain("straattype");
    expect(expectedText({ ...verdict, reason: "too_few_units" })).toBe("");
    expect(expectedText({ ...verdict, question: "average" })).toBe("");
  });
});

describe("what goes on the map", () => {
  const square = [[3, 50], [4, 50], [4, 51], [3, 50]]; // biome-ignore format: one square on one line
  const shape = (...rings: number[][][]) => ({
    type: "MultiPolygon" as const,
    coordinates: rings.map((ring) => [ring]),
  });

  it("goes to the box around all parts of a cluster", () => {
    expect(
      boundsOf(
        shape(square, [
          [5, 52],
          [6, 53],
        ]),
      ),
    ).toEqual([3, 50, 6, 53]);
    expect(boundsOf(null)).toBeNull();
    expect(boundsOf({ type: "Point", coordinates: [1, 2] })).toBeNull();
    expect(boundsOf({ type: "MultiPolygon", coordinates: [] })).toBeNull();
  });

  it("shows the units of the chosen cluster that are still there", () => {
    const points = { ids: [10, 11, 12, 13] } as Points;
    const feature = (id: number, unitIds: number[]) => ({ id, properties: { unit_ids: unitIds } });
    const clusters = { features: [feature(1, [11, 13, 99]), feature(2, [98])] } as unknown as Clusters;
    const shown = { clusters, selected: 1, bounds: null };
    expect(unitsShown(points, shown)).toEqual([1, 3]);
    expect(unitsShown(points, shown)).toBe(unitsShown(points, shown));
    for (const selected of [2, 3, null]) expect(unitsShown(points, { ...shown, selected })).toBeNull();
    expect(unitsShown(points, null)).toBeNull();
  });
});
