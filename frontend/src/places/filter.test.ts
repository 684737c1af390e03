import { describe, expect, it } from "vitest";
import { aPoints } from "../api/points.fixture.ts";
import {
  droppedForUnknownArea,
  filterParts,
  filterQuery,
  filterUnits,
  NO_FILTERS,
  searchTexts,
  toggled,
  withoutPart,
} from "./filter.ts";

const points = aPoints([
  { state: "vacant", floor_area_m2: 120, vacancy_class: "long_term", address: "Markt 1", core_id: 1 },
  { state: "vacant", floor_area_m2: null, vacancy_class: "initial", address: "Markt 2", cluster_id: 7 },
  {
    state: "occupied",
    floor_area_m2: 80,
    branch_group: "daily",
    address: "Ooststraat 3",
    name: "Café Central",
  },
  {
    state: "occupied",
    floor_area_m2: 300,
    branch_group: "services",
    address: "Ooststraat 14",
    local_code: "W-12",
  },
]);
const texts = searchTexts(points);
const kept = (filters: Partial<typeof NO_FILTERS>) =>
  filterUnits(points, { ...NO_FILTERS, ...filters }, texts);

describe("filtering shop units", () => {
  it("keeps everything when nothing is asked", () => {
    expect(kept({})).toEqual([0, 1, 2, 3]);
  });

  it("keeps the vacant units over 100 m2", () => {
    expect(kept({ state: ["vacant"], minFloorAreaM2: 100 })).toEqual([0]);
  });

  it("includes the bounds of a floor area", () => {
    expect(kept({ minFloorAreaM2: 120, maxFloorAreaM2: 300 })).toEqual([0, 3]);
  });

  it("leaves out a unit of unknown area when an area is asked, and counts it", () => {
    const filters = { ...NO_FILTERS, state: ["vacant" as const], minFloorAreaM2: 10 };
    expect(filterUnits(points, filters, texts)).toEqual([0]);
    expect(droppedForUnknownArea(points, filters, texts)).toBe(1);
    expect(droppedForUnknownArea(points, { ...filters, minFloorAreaM2: null }, texts)).toBe(0);
  });

  it("keeps any of several values of one kind, and all kinds together", () => {
    expect(kept({ branchGroup: ["daily", "services"] })).toEqual([2, 3]);
    expect(kept({ branchGroup: ["daily"], state: ["vacant"] })).toEqual([]);
  });

  it("keeps a core, a cluster and a duration class", () => {
    expect(kept({ core: 1 })).toEqual([0]);
    expect(kept({ cluster: 7 })).toEqual([1]);
    expect(kept({ vacancyClass: ["initial"] })).toEqual([1]);
  });

  it("finds a phrase in address, name or code, whatever its case", () => {
    expect(kept({ text: " CAFÉ c " })).toEqual([2]);
    expect(kept({ text: "ooststraat 1" })).toEqual([3]);
    expect(kept({ text: "w-12" })).toEqual([3]);
  });

  it("does not find a phrase that runs from one field into the next", () => {
    expect(kept({ text: "3 café" })).toEqual([]);
  });
});

describe("the filters as parts and as a question to the server", () => {
  const filters = {
    ...NO_FILTERS,
    state: ["vacant" as const, "unknown" as const],
    minFloorAreaM2: 0,
    text: " x ",
  };

  it("names each part once and takes one part away", () => {
    const parts = filterParts(filters);
    expect(parts).toHaveLength(4);
    for (const part of parts) expect(filterParts(withoutPart(filters, part))).toHaveLength(3);
  });

  it("asks the server for the same", () => {
    expect(filterQuery(filters)).toMatchObject({
      state: "vacant,unknown",
      min_floor_area_m2: 0,
      q: "x",
      core: null,
    });
  });

  it("toggles a value in and out", () => {
    expect(toggled(["a"], "b")).toEqual(["a", "b"]);
    expect(toggled(["a", "b"], "a")).toEqual(["b"]);
  });
});
