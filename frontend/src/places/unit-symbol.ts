import { html, svg, type TemplateResult } from "lit";
import type { UnitStyle } from "./unit-style.ts";

/** The symbol of the map as a small drawing, for lists and legends. */
export function unitSymbol(style: UnitStyle, size = 16): TemplateResult {
  const middle = 8;
  const radius = Math.min(6.6, 5 * style.size);
  const paint = { fill: style.fill, stroke: style.line === "#ffffff" ? "none" : style.line };
  const dash = style.isDashed ? "2 1.6" : "none";
  const d = `M8 ${middle - radius}L${8 + radius} 8L8 ${middle + radius}L${8 - radius} 8z`;
  const shape =
    style.shape === "diamond"
      ? svg`<path d=${d} fill=${paint.fill} stroke=${paint.stroke} stroke-width="1.3" stroke-dasharray=${dash} />`
      : style.shape === "square"
        ? svg`<rect x=${8 - radius} y=${8 - radius} width=${2 * radius} height=${2 * radius} fill=${paint.fill} />`
        : svg`<circle cx="8" cy="8" r=${radius} fill=${paint.fill} stroke=${paint.stroke} stroke-width="1.6" />`;
  return html`<svg class="icon" width=${size} height=${size} viewBox="0 0 16 16" aria-hidden="true">${shape}</svg>`;
}
