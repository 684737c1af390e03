import { describe, expect, it } from "vitest";
import { bandColour, bandsFor, bandsText, bandText, MOST_BANDS, parseBands } from "./bands.ts";
import { differenceText } from "./difference-text.ts";

describe("bands as people type them", () => {
  it("may stand in any order with any sign between them", () => {
    expect(parseBands("15; 5, 10 5", "minutes", "walk")).toEqual([5, 10, 15]);
    expect(parseBands("400/800", "metres", "walk")).toEqual([400, 800]);
  });

  it("are refused by name when they make no sense", () => {
    expect(parseBands("", "minutes", "walk")).toBe("none");
    expect(parseBands("vijf", "minutes", "walk")).toBe("none");
    expect(parseBands("0, 5", "minutes", "walk")).toBe("none");
    expect(parseBands("1 2 3 4 5 6 7", "minutes", "walk")).toBe("many");
    expect(parseBands("60", "minutes", "car")).toBe("long");
    expect(parseBands("60", "minutes", "walk")).toEqual([60]);
    expect(parseBands("60", "metres", "car")).toEqual([60]);
  });

  it("are cut, not refused, when another mode searches less far", () => {
    expect(bandsFor([20, 50, 60], "minutes", "car")).toEqual([20, 45]);
    expect(bandsFor([400, 8000], "metres", "car")).toEqual([400, 8000]);
  });
});

describe("bands as people read them", () => {
  it("carry their unit once", () => {
    expect(bandsText([5, 10, 15], "minutes")).toBe("5 · 10 · 15 min");
    expect(bandText(1200, "metres")).toBe("1.200\u00a0m");
    expect(bandText(7.5, "minutes")).toBe("7,5 min");
    expect(bandText(5000, "inhabitants")).toBe("5.000 inw.");
  });

  it("have a colour each, however many there are", () => {
    const colours = new Set(Array.from({ length: MOST_BANDS }, (_, i) => bandColour(i, MOST_BANDS)));
    expect(colours.size).toBe(MOST_BANDS);
  });
});

it("writes a difference with its sign", () => {
  expect([1240, -1240, 0.3, -0.3].map(differenceText)).toEqual(["+1.240", "−1.240", "0", "0"]);
});
