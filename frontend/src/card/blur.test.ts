import { describe, expect, it } from "vitest";
import { blockOf, boxOf, pixelate } from "./blur.ts";

const WIDTH = 100;
const HEIGHT = 60;

/** Every pixel another colour, as far as there are colours. */
function picture(): Uint8ClampedArray {
  const data = new Uint8ClampedArray(4 * WIDTH * HEIGHT);
  for (let at = 0; at < data.length; at += 4) data.set([at % 251, (at * 7) % 241, (at * 13) % 239, 255], at);
  return data;
}

describe("a part that is made unrecognisable", () => {
  it("has few colours left, and each block the mean of what stood there", () => {
    const before = picture();
    const data = picture();
    const box = { x: 10, y: 20, width: 40, height: 20 };
    pixelate(data, WIDTH, box);
    const colours = new Set<string>();
    for (let y = 20; y < 40; y += 1)
      for (let x = 10; x < 50; x += 1)
        colours.add(data.slice(4 * (y * WIDTH + x), 4 * (y * WIDTH + x) + 3).join());
    expect(colours.size).toBeLessThanOrEqual(6);
    let sum = 0;
    for (let y = 20; y < 36; y += 1) for (let x = 10; x < 26; x += 1) sum += before[4 * (y * WIDTH + x)]!;
    expect(Math.abs(data[4 * (20 * WIDTH + 10)]! - sum / 256)).toBeLessThanOrEqual(0.5);
  });

  it("changes nothing beside it", () => {
    const before = picture();
    const data = picture();
    pixelate(data, WIDTH, { x: 10, y: 20, width: 41, height: 23 });
    for (let y = 0; y < HEIGHT; y += 1)
      for (let x = 0; x < WIDTH; x += 1) {
        if (x >= 10 && x < 51 && y >= 20 && y < 43) continue;
        const at = 4 * (y * WIDTH + x);
        expect(data.slice(at, at + 4)).toEqual(before.slice(at, at + 4));
      }
  });

  it("is coarser the larger it is, and never fine", () => {
    expect(blockOf({ x: 0, y: 0, width: 20, height: 8 })).toBe(16);
    expect(blockOf({ x: 0, y: 0, width: 900, height: 500 })).toBe(100);
  });

  it("lies in the picture, whichever way it was drawn", () => {
    expect(boxOf([90.4, 70], [-5, 10.2], WIDTH, HEIGHT)).toEqual({ x: 0, y: 10, width: 90, height: 50 });
  });
});
