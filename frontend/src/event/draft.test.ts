import { describe, expect, it } from "vitest";
import { pointPlace, usualReach, zonePlace } from "./draft.ts";

describe("a place pointed at on the map", () => {
  it("is a point of six digits, a tenth of a metre", () => {
    expect(pointPlace([3.43012345678, 50.88812345678])).toEqual({
      type: "Point",
      coordinates: [3.430123, 50.888123],
    });
  });

  it("is a zone from three corners on, which ends where it begins", () => {
    const corners: [number, number][] = [
      [3.4, 50.8],
      [3.5, 50.8],
      [3.5, 50.9],
    ];
    expect(zonePlace(corners.slice(0, 2))).toBeNull();
    const zone = zonePlace(corners);
    expect(zone?.type).toBe("Polygon");
    const [ring] = zone!.coordinates as [number, number][][];
    expect(ring).toEqual([...corners, corners[0]]);
  });

  it("is felt further around a point than around a zone or a street", () => {
    expect(usualReach(pointPlace([3.4, 50.8]))).toBe(150);
    expect(usualReach(null)).toBe(30);
  });
});
