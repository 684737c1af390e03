import { describe, expect, it } from "vitest";
import { asked, isFiltered } from "./download-asked.ts";

const UNITS = { name: "shop-units", title: "", subject: "places", geometry: "Point", filters_units: true };
const PARCELS = { ...UNITS, name: "parcels", filters_units: false };
const ALL = {
  municipality: "34040",
  filters: { state: "vacant", q: "" },
  box: [3.1, 50.2, 3.3, 50.4],
  layer: UNITS,
  onlyListed: true,
  onlyShown: true,
};

describe("what is asked of a layer", () => {
  it("has the filter of the list where the layer tells of units", () => {
    expect(asked(ALL)).toEqual({
      municipality: "34040",
      state: "vacant",
      q: "",
      bbox: "3.100000,50.200000,3.300000,50.400000",
    });
  });
  it("leaves that filter away where the layer has no units, or nobody wants it", () => {
    expect(asked({ ...ALL, layer: PARCELS })).not.toHaveProperty("state");
    expect(asked({ ...ALL, onlyListed: false })).not.toHaveProperty("state");
  });
  it("has no box where all is wanted or the map shows none", () => {
    expect(asked({ ...ALL, onlyShown: false })).not.toHaveProperty("bbox");
    expect(asked({ ...ALL, box: null })).not.toHaveProperty("bbox");
  });
  it("knows a filter that asks nothing", () => {
    expect(isFiltered({ state: "", core: null, q: undefined })).toBe(false);
    expect(isFiltered({ state: "", core: 0 })).toBe(true);
  });
});
