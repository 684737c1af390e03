import { html, svg } from "lit";
import { unsafeSVG } from "lit/directives/unsafe-svg.js";
import type { RegisterName } from "../api/types.ts";

interface RegisterStyle {
  /** Far from the orange of vacancy, also for who cannot tell red from green. */
  colour: string;
  dash: string;
  fill: number;
  /** What stands in the sign; a colour alone carries no meaning. */
  drawing: string;
}

/** A purple hexagon with a paragraph sign, and a dark square with a factory: two shapes, two lines, two tones. */
export const REGISTER_STYLES: Record<RegisterName, RegisterStyle> = {
  "legal-vacancy": {
    colour: "#6b21a8",
    dash: "",
    fill: 0.22,
    drawing:
      '<path d="M6 2h10l5 9-5 9H6L1 11z" fill="#6b21a8" stroke="#fff" stroke-width="1.5"/>' +
      '<text x="11" y="15" text-anchor="middle" font-size="12" font-weight="700" fill="#fff">§</text>',
  },
  "business-premises": {
    colour: "#26262b",
    dash: "2 5",
    fill: 0.16,
    drawing:
      '<rect x="2" y="2" width="18" height="18" rx="2" fill="#26262b" stroke="#fff" stroke-width="1.5"/>' +
      '<path d="M5.5 16.500V9.500l4 2.500V9.500l4 2.500V5.500h3v11z" fill="#fff"/>',
  },
};

/** The sign of a register as text, for Leaflet. */
export function registerSign(register: RegisterName, size = 22): string {
  return `<svg width="${size}" height="${size}" viewBox="0 0 22 22" aria-hidden="true">${REGISTER_STYLES[register].drawing}</svg>`;
}

/** The sign of a register, for legends and headings. */
export function registerSymbol(register: RegisterName, size = 18) {
  // The drawing is one of the two constants above.
  return html`<svg width=${size} height=${size} viewBox="0 0 22 22" aria-hidden="true" style="flex:none">${svg`${unsafeSVG(REGISTER_STYLES[register].drawing)}`}</svg>`;
}

/** The name of a register, as the menu of layers calls it. */
export function layerOf(register: RegisterName): "legal" | "premises" {
  return register === "legal-vacancy" ? "legal" : "premises";
}
