import { svg } from "lit";
import type { FootfallClass } from "../api/types.ts";

export const SURE = "#4b2e83";
export const PERHAPS = "rgb(120 84 190 / 30%)";
/** Of a street of which only the kind is known: between sure and perhaps, and one of three widths. */
export const KIND_ONLY = "#8d6cc4";
const SHARE: Record<FootfallClass, number> = { main: 0.4, secondary: 0.1, side: 0.02 };
const WIDEST_PX = 15;
/** Below this zoom lines would grow together. */
const WHOLE_ZOOM = 16;

/** Width of a line for so many passages, next to the busiest street of the town; root, so that quiet streets show. */
export function widthOf(perDay: number, busiest: number, zoom: number): number {
  if (busiest <= 0) return 0;
  const scale = 2 ** Math.min(0, 0.6 * (zoom - WHOLE_ZOOM));
  return Math.min(1.6, Math.sqrt(Math.max(0, perDay) / busiest)) * WIDEST_PX * scale;
}

/** Width of the line of a street of which only the kind is known. */
export function widthOfKind(kind: FootfallClass, zoom: number): number {
  return Math.max(1.5, widthOf(SHARE[kind], 1, zoom));
}

/** Streets of which only the kind is known, in the legend: from main to side street. */
export function classSymbol() {
  return svg`<svg width="22" height="14" aria-hidden="true" style="flex:none">
    <line x1="0" y1="7" x2="8" y2="7" stroke=${KIND_ONLY} stroke-width="9" />
    <line x1="8" y1="7" x2="15" y2="7" stroke=${KIND_ONLY} stroke-width="5" />
    <line x1="15" y1="7" x2="22" y2="7" stroke=${KIND_ONLY} stroke-width="2" />
  </svg>`;
}

/** How a line looks in the legend. */
export function streetSymbol() {
  return svg`<svg width="22" height="14" aria-hidden="true" style="flex:none">
    <line x1="0" y1="7" x2="22" y2="7" stroke=${PERHAPS} stroke-width="11" />
    <line x1="0" y1="7" x2="22" y2="7" stroke=${SURE} stroke-width="4" />
  </svg>`;
}

type Pixel = { x: number; y: number };

/** Distance between a point and a line of two points. */
export function fromSegment(p: Pixel, a: Pixel, b: Pixel): number {
  const [dx, dy] = [b.x - a.x, b.y - a.y];
  const size = dx * dx + dy * dy;
  const along = size ? Math.max(0, Math.min(1, ((p.x - a.x) * dx + (p.y - a.y) * dy) / size)) : 0;
  return Math.hypot(p.x - a.x - along * dx, p.y - a.y - along * dy);
}
