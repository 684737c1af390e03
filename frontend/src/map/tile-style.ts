/** The look of the base map: quiet, so that the shop units stand out. Pure, so that it can be tested. */

export const GROUND = "#f4f3ef";
export const BACKDROP: Record<string, string> = { water: "#c9dbe3", green: "#dfe8d5", rail: "#dedad1" };
export const BUILDING = { fill: "#e3dfd6", line: "#cfc9bc" };
export const PARCEL_LINE = "#b9b0a0";
export const LABEL = { ink: "#5a5850", halo: "rgba(255, 255, 255, 0.92)" };

export interface StreetStyle {
  /** Stack order: what is wide and important lies on top. */
  order: number;
  fill: string;
  casing: string | null;
  /** Width in pixels at zoom 16. */
  width: number;
  dash: readonly number[] | null;
  minZoom: number;
}

const WHITE = "#ffffff";
const CASING = "#d6d1c6";

const STREETS: Record<string, StreetStyle> = {
  motorway: { order: 9, fill: "#f6e3b5", casing: "#cdb77e", width: 9, dash: null, minZoom: 8 },
  trunk: { order: 8, fill: "#f6e3b5", casing: "#cdb77e", width: 8.5, dash: null, minZoom: 8 },
  primary: { order: 7, fill: "#faedcb", casing: "#d3c498", width: 8, dash: null, minZoom: 10 },
  secondary: { order: 6, fill: "#fcf4de", casing: "#d8ccad", width: 7, dash: null, minZoom: 11 },
  tertiary: { order: 5, fill: WHITE, casing: CASING, width: 6.5, dash: null, minZoom: 12 },
  unclassified: { order: 4, fill: WHITE, casing: CASING, width: 5, dash: null, minZoom: 13 },
  residential: { order: 4, fill: WHITE, casing: CASING, width: 5, dash: null, minZoom: 13 },
  living_street: { order: 4, fill: "#fbf7f3", casing: CASING, width: 5, dash: null, minZoom: 13 },
  pedestrian: { order: 5, fill: "#f8eae0", casing: "#d9c2b2", width: 6, dash: null, minZoom: 13 },
  service: { order: 3, fill: WHITE, casing: CASING, width: 3, dash: null, minZoom: 15 },
  track: { order: 2, fill: "#cfc6b4", casing: null, width: 1.4, dash: [5, 3], minZoom: 15 },
  cycleway: { order: 2, fill: "#a9c0b5", casing: null, width: 1.6, dash: [6, 3], minZoom: 15 },
  footway: { order: 1, fill: "#cdbfb2", casing: null, width: 1.3, dash: [3, 3], minZoom: 15 },
  path: { order: 1, fill: "#cdbfb2", casing: null, width: 1.2, dash: [2, 3], minZoom: 15 },
  steps: { order: 1, fill: "#b7a697", casing: null, width: 2, dash: [1, 2], minZoom: 16 },
  ferry: { order: 0, fill: "#9fb9c6", casing: null, width: 1.2, dash: [6, 4], minZoom: 11 },
};

/** A class nobody foresaw is drawn as an ordinary street rather than not at all. */
export function streetStyle(streetClass: string): StreetStyle {
  return STREETS[streetClass] ?? STREETS.unclassified!;
}

/** Drawn width in pixels: streets widen with the zoom, but slower than the ground does. */
export function streetWidth(style: StreetStyle, zoom: number): number {
  const growth = style.casing ? 0.72 : 0.4;
  return Math.max(style.casing ? 0.9 : 0.7, style.width * 2 ** ((zoom - 16) * growth));
}

export interface TileLayer {
  name: "backdrop" | "parcel" | "building" | "street";
  /** Lowest map zoom at which it is drawn. */
  fromZoom: number;
  /** The zooms at which the server has tiles of it. */
  minZoom: number;
  maxZoom: number;
}

/** In drawing order, lowest first. */
export const TILE_LAYERS: readonly TileLayer[] = [
  { name: "backdrop", fromZoom: 10, minZoom: 10, maxZoom: 16 },
  { name: "parcel", fromZoom: 15, minZoom: 15, maxZoom: 16 },
  { name: "building", fromZoom: 14, minZoom: 14, maxZoom: 16 },
  { name: "street", fromZoom: 10, minZoom: 10, maxZoom: 16 },
];
