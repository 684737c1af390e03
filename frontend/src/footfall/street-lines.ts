import { svg } from "lit";

export const SURE = "#4b2e83";
export const PERHAPS = "rgb(120 84 190 / 30%)";
const WIDEST_PX = 15;
/** Below this zoom lines would grow together. */
const WHOLE_ZOOM = 16;

/** Width of a line for so many passages, next to the busiest street of the town; root, so that quiet streets show. */
export function widthOf(perDay: number, busiest: number, zoom: number): number {
  if (busiest <= 0) return 0;
  const scale = 2 ** Math.min(0, 0.6 * (zoom - WHOLE_ZOOM));
  return Math.min(1.6, Math.sqrt(Math.max(0, perDay) / busiest)) * WIDEST_PX * scale;
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
