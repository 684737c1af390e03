import { describe, expect, it } from "vitest";
import { apiUrl } from "../api/client.ts";
import { aPoints } from "../api/points.fixture.ts";
import { extentOf } from "../app/extent.ts";
import { nearestSize, nextSize } from "../app/sheet.ts";
import { latest } from "./loadable.ts";
import { windowOf } from "./window-of.ts";

describe("the rows of a long list", () => {
  it("are those in view and a few around them", () => {
    expect(windowOf(620, 310, 62, 1000, 3)).toEqual({ from: 7, to: 18 });
  });

  it("stop at both ends", () => {
    expect(windowOf(0, 310, 62, 1000, 3)).toEqual({ from: 0, to: 8 });
    expect(windowOf(61_900, 310, 62, 1000, 3)).toEqual({ from: 995, to: 1000 });
    expect(windowOf(5000, 310, 62, 4, 3).to).toBe(4);
    expect(windowOf(0, 310, 62, 0, 3)).toEqual({ from: 0, to: 0 });
  });
});

it("computes again only when it is asked something else", () => {
  let count = 0;
  const double = latest((value: number) => {
    count += 1;
    return 2 * value;
  });
  expect([double(2), double(2), double(3), double(2)]).toEqual([4, 4, 6, 4]);
  expect(count).toBe(3);
});

describe("questions to the server", () => {
  it("leave out what is not asked, keep a zero and escape the rest", () => {
    expect(apiUrl("shop-units", { q: "a&b", state: "", core: null, min_floor_area_m2: 0 })).toBe(
      "api/shop-units?q=a%26b&min_floor_area_m2=0",
    );
    expect(apiUrl("about")).toBe("api/about");
  });
});

describe("the sheet of a small screen", () => {
  it("goes round through its sizes", () => {
    expect(["peek", "half", "full"].map((size) => nextSize(size as "peek"))).toEqual([
      "half",
      "full",
      "peek",
    ]);
  });

  it("falls to the nearest size", () => {
    expect([0.1, 0.3, 0.4, 0.6, 0.8].map(nearestSize)).toEqual(["peek", "peek", "half", "half", "full"]);
  });
});

describe("where to look first", () => {
  const units = Array.from({ length: 40 }, (_, i) => ({ lon: 3 + i / 1000, lat: 51 + i / 1000 }));

  it("is the core with most shop units", () => {
    const inCores = units.map((unit, i) => ({ ...unit, core_id: i < 12 ? 1 : 2 }));
    expect(extentOf(aPoints([...inCores, { lon: 9, lat: 55, core_id: null }]))).toEqual([
      3.012, 51.012, 3.039, 51.039,
    ]);
  });

  it("is the middle of all where there is no core, without the odd shop along a far road", () => {
    const [west, south, east, north] = extentOf(aPoints([...units, { lon: 9, lat: 55 }]))!;
    expect([west, south]).toEqual([3.002, 51.002]);
    expect([east, north]).toEqual([3.038, 51.038]);
  });

  it("is nowhere without shop units", () => {
    expect(extentOf(aPoints([]))).toBeNull();
  });
});
