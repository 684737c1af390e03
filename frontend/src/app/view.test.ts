import { describe, expect, it } from "vitest";
import { NO_FILTERS } from "../places/filter.ts";
import { readView, START, type View, writeView } from "./view.ts";

const FULL: View = {
  language: "fr",
  municipality: "38025",
  map: { zoom: 16, lat: 51.0725, lon: 2.6622 },
  tab: "weights",
  scope: "retail_only",
  filters: {
    state: ["vacant", "unknown"],
    branchGroup: ["daily"],
    vacancyClass: ["structural"],
    minFloorAreaM2: 100,
    maxFloorAreaM2: 400,
    core: 3,
    cluster: 7,
    text: "Café & Co #1",
  },
  sort: "footfall",
  colouring: "score",
  layers: ["sensors"],
  base: "grb",
  weights: { footfall: 0.4, parking: 0 },
  unit: 12,
  catchment: "bicycle",
};

describe("the view in the address", () => {
  it("comes back as it was written", () => {
    expect(readView(`#${writeView(FULL)}`)).toEqual(FULL);
  });

  it("leaves a plain view with a plain address", () => {
    expect(writeView(START)).toBe("");
    expect(writeView({ ...START, municipality: "34040" })).toBe("m=34040");
    expect(readView("")).toEqual(START);
  });

  it("keeps an empty choice of layers apart from the default choice", () => {
    const none = { ...START, layers: [] };
    expect(readView(writeView(none)).layers).toEqual([]);
    expect(readView("m=1").layers).toEqual(START.layers);
  });

  it("stays readable for people", () => {
    expect(writeView({ ...START, map: FULL.map, weights: FULL.weights })).toBe(
      "map=16/51.0725/2.6622&weights=footfall:0.4,parking:0",
    );
  });

  it("ignores what makes no sense instead of failing on it", () => {
    const view = readView(
      "#m=<x>&map=a/b/c&min_m2=-4&core=&state=vacant,nope&sort=x&colour=&weights=a:b,:3&unit=z&lang=de",
    );
    expect(view).toEqual({ ...START, filters: { ...NO_FILTERS, state: ["vacant"] } });
  });

  it("keeps the map within the world and its zooms", () => {
    expect(readView("map=16/95/3").map).toBeNull();
    expect(readView("map=99/51/3").map?.zoom).toBe(20);
  });
});
