import { describe, expect, it } from "vitest";
import { NO_FILTERS } from "../places/filter.ts";
import { readView, START, type View, writeView } from "./view.ts";

const FULL: View = {
  language: "fr",
  municipality: "38025",
  map: { zoom: 16, lat: 51.0725, lon: 2.6622 },
  tab: "weights",
  profile: "bakery",
  compared: [12, 7],
  section: "worklist",
  sensor: 7,
  seek: "2b1c6d0e-0000-4000-8000-000000000001",
  seekWithout: ["expected"],
  case: 4,
  fades: false,
  scope: "retail_only",
  filters: {
    state: ["vacant", "unknown"],
    branchGroup: ["daily"],
    vacancyClass: ["structural"],
    notSeenMonths: 18,
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
  on: "2020-04-01",
  clusters: { question: "average", day: "2019-01-01", withDissolved: true, chosen: 31 },
  catchment: "bicycle",
  question: {
    places: [
      { kind: "unit", id: 12 },
      { kind: "parcel", id: 5 },
      { kind: "point", lon: 3.12841, lat: 51.30994, label: "Café de l'Été 1" },
    ],
    mode: "car",
    direction: "outward",
    unit: "inhabitants",
    bands: [2000, 5000],
    rings: true,
    competitors: [3, 4],
    competitorBranch: "bakery",
    closed: [101, 102],
    opened: [103],
    barriers: [
      [
        [3.1, 51.2],
        [3.2, 51.3],
      ],
    ],
    band: 2000,
    stored: { id: 7, run: 9 },
    versus: { id: 8, run: null },
  },
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

  it("leaves out of clusters what makes no sense", () => {
    const view = readView("#cluster_question=why&cluster_day=soon&cluster_dissolved=x&cluster_shown=-3");
    expect(view.clusters).toEqual(START.clusters);
    expect(writeView({ ...START, clusters: { ...START.clusters, day: "2019-01-01" } })).toBe(
      "cluster_day=2019-01-01",
    );
  });

  it("keeps an old link to a unit and its catchment", () => {
    const view = readView("#m=34040&unit=12&catchment=walk");
    expect(view).toEqual({ ...START, municipality: "34040", unit: 12, catchment: "walk" });
  });

  it("writes places and a scenario so that people can read them", () => {
    const { places, closed, barriers } = FULL.question;
    const question = { ...START.question, places: places.slice(0, 2), closed, barriers };
    expect(writeView({ ...START, tab: "catchment", question })).toBe(
      "tab=catchment&at=unit:12;parcel:5&closed=101,102&barrier=3.1,51.2;3.2,51.3",
    );
  });

  it("keeps the map within the world and its zooms", () => {
    expect(readView("map=16/95/3").map).toBeNull();
    expect(readView("map=99/51/3").map?.zoom).toBe(20);
  });
});
