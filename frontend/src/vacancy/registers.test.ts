import { describe, expect, it } from "vitest";
import { layerOf, REGISTER_STYLES, registerSign } from "./register-symbol.ts";

type Channels = [number, number, number];

function channels(colour: string): Channels {
  return [1, 3, 5].map((at) => Number.parseInt(colour.slice(at, at + 2), 16) / 255) as Channels;
}

const linear = (value: number) => (value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4);

function luminance(colour: string): number {
  const [red, green, blue] = channels(colour).map(linear) as Channels;
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

/** How far apart two colours are for who lacks the green cones (Viénot, Brettel and Mollon 1999), 0-1 per channel. */
function apartWithoutGreen(one: string, other: string): number {
  const seen = (colour: string) => {
    const [red, green, blue] = channels(colour).map(linear) as Channels;
    return [
      0.29275 * red + 0.70725 * green,
      0.29275 * red + 0.70725 * green,
      -0.02234 * red + 0.02234 * green + blue,
    ];
  };
  const [a, b] = [seen(one), seen(other)];
  return Math.hypot(...a.map((value, i) => value - b[i]!));
}

const VACANT = "#b8400e";
const LEGAL = REGISTER_STYLES["legal-vacancy"];
const BUSINESS = REGISTER_STYLES["business-premises"];

describe("the signs of the registers", () => {
  it("are told apart by shape and line, not by colour alone", () => {
    expect(registerSign("legal-vacancy")).toContain("§");
    expect(registerSign("business-premises")).toContain("<rect");
    expect(LEGAL.dash).not.toBe(BUSINESS.dash);
  });

  it("stand out from white as WCAG asks of drawings", () => {
    for (const { colour } of [LEGAL, BUSINESS]) {
      expect(1.05 / (luminance(colour) + 0.05)).toBeGreaterThan(4.5);
    }
  });

  it("differ from the orange of vacancy, also for who cannot tell red from green", () => {
    for (const { colour } of [LEGAL, BUSINESS]) {
      expect(apartWithoutGreen(colour, VACANT)).toBeGreaterThan(0.1);
    }
  });

  it("have a layer each", () => {
    expect([layerOf("legal-vacancy"), layerOf("business-premises")]).toEqual(["legal", "premises"]);
  });
});
