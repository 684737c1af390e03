import { describe, expect, it } from "vitest";
import { standing } from "./declutter.ts";
import { mercator } from "./mercator.ts";
import { joinLines, placeLabels, straightRun } from "./street-labels.ts";
import { piecesOf } from "./tile-cover.ts";
import { streetStyle, streetWidth, TILE_LAYERS } from "./tile-style.ts";

describe("the data behind a drawn tile", () => {
  it("is the same tile where the server has it", () => {
    expect(piecesOf({ z: 14, x: 8, y: 5 }, 10, 16)).toEqual([
      { tile: { z: 14, x: 8, y: 5 }, scale: 1, left: 0, top: 0 },
    ]);
  });

  it("is a part of a larger one deeper than the server goes", () => {
    expect(piecesOf({ z: 18, x: 4 * 7 + 3, y: 4 * 2 + 1 }, 10, 16)).toEqual([
      { tile: { z: 16, x: 7, y: 2 }, scale: 4, left: -3, top: -1 },
    ]);
  });

  it("is four smaller ones just above the server's lowest zoom", () => {
    const pieces = piecesOf({ z: 14, x: 3, y: 4 }, 15, 16);
    expect(pieces.map(({ tile }) => [tile.x, tile.y])).toEqual([
      [6, 8],
      [7, 8],
      [6, 9],
      [7, 9],
    ]);
    expect(pieces.reduce((area, { scale }) => area + scale * scale, 0)).toBe(1);
  });

  it("covers the drawn tile once at every zoom of every layer", () => {
    for (const { minZoom, maxZoom } of TILE_LAYERS) {
      for (let z = minZoom - 1; z <= 19; z += 1) {
        const pieces = piecesOf({ z, x: 5, y: 9 }, minZoom, maxZoom);
        const inside = pieces.every(
          ({ scale, left, top }) => left <= 0.999 && top <= 0.999 && left + scale > 0 && top + scale > 0,
        );
        expect(inside).toBe(true);
      }
    }
  });
});

describe("streets", () => {
  it("widen with the zoom and never vanish", () => {
    for (const name of ["primary", "residential", "pedestrian", "footway"]) {
      const style = streetStyle(name);
      for (let zoom = 10; zoom < 19; zoom += 1) {
        expect(streetWidth(style, zoom + 1)).toBeGreaterThanOrEqual(streetWidth(style, zoom));
      }
      expect(streetWidth(style, 10)).toBeGreaterThan(0.5);
    }
  });

  it("of an unknown class are drawn as ordinary streets", () => {
    expect(streetStyle("busway")).toEqual(streetStyle("unclassified"));
  });
});

describe("street names", () => {
  const view = { width: 800, height: 600 };
  const line = (name: string, points: number[], weight = 1) => ({ name, points, weight });

  it("lie in the middle of the longest straight run", () => {
    const run = straightRun([0, 0, 100, 0, 300, 0, 300, 50])!;
    expect(run).toMatchObject({ x: 150, y: 0, length: 300 });
    expect(run.angle).toBeCloseTo(0);
  });

  it("never stand upside down", () => {
    for (const end of [-300, -10, 10, 300]) {
      expect(Math.abs(straightRun([0, 0, end, 200])!.angle)).toBeLessThanOrEqual(Math.PI / 2);
    }
    expect(straightRun([200, 0, 0, 0])!.angle).toBeCloseTo(0);
  });

  it("are left out where they do not fit", () => {
    expect(placeLabels([line("Kort", [0, 50, 40, 50])], view, () => 60)).toEqual([]);
    expect(placeLabels([line("Lang", [100, 50, 240, 50])], view, () => 60)).toHaveLength(1);
  });

  it("do not cross each other, and the more important stays", () => {
    const labels = placeLabels(
      [line("Klein", [300, 100, 300, 500], 1), line("Groot", [100, 300, 500, 300], 5)],
      view,
      () => 80,
    );
    expect(labels.map(({ name }) => name)).toEqual(["Groot"]);
  });

  it("do not repeat near themselves, but do far away", () => {
    const repeated = (y: number) =>
      placeLabels([line("A", [100, 100, 300, 100]), line("A", [100, y, 300, y])], view, () => 50).length;
    expect(repeated(200)).toBe(1);
    expect(repeated(590)).toBe(2);
  });

  it("run over a crossing where two pieces of a street meet", () => {
    const joined = joinLines([
      line("A", [0, 0, 50, 0]),
      line("A", [120, 0, 50, 0]),
      line("B", [50, 0, 50, 90]),
    ]);
    expect(joined).toHaveLength(2);
    expect(straightRun(joined.find(({ name }) => name === "A")!.points)!.length).toBe(120);
  });
});

describe("signs on the map", () => {
  const sign = (x: number, weight: number, width = 30) => ({ x, y: 0, width, height: 20, weight });

  it("all stand where they do not touch", () => {
    expect(standing([sign(0, 1), sign(30, 1), sign(60, 1)])).toEqual([true, true, true]);
  });

  it("give way to those that matter more", () => {
    expect(standing([sign(0, 1), sign(20, 5), sign(45, 1)])).toEqual([false, true, false]);
  });

  it("do not give way to one that itself gave way", () => {
    expect(standing([sign(0, 9), sign(20, 5), sign(40, 1)])).toEqual([true, false, true]);
  });

  it("leave the earlier one standing among equals", () => {
    expect(standing([sign(0, 1), sign(5, 1)])).toEqual([true, false]);
  });
});

it("projects the corner of the world to the origin and the equator to the middle", () => {
  const project = mercator(1, { x: 0, y: 0 });
  expect(project(0, 0)).toEqual({ x: 256, y: 256 });
  expect(project(85.0511287798066, -180).x).toBe(0);
  expect(project(85.0511287798066, -180).y).toBeCloseTo(0, 6);
});
