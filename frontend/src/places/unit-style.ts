import type { Points } from "../api/types.ts";

export type Colouring = "state" | "score" | "duration";
export type Shape = "diamond" | "circle" | "square" | "ring" | "dot";

/** How one kind of shop unit is drawn. Vacant units are diamonds under every colouring: colour is never alone. */
export interface UnitStyle {
  key: string;
  shape: Shape;
  fill: string;
  line: string;
  /** Is the line broken? */
  isDashed?: boolean;
  /** Times the radius of the zoom. */
  size: number;
  /** Higher is drawn later, on top. */
  order: number;
}

const INK = "#17242b";
const WHITE = "#ffffff";
export const SCORE_COLOURS = ["#d3e6e9", "#9fcad1", "#5fa3af", "#24788a", "#063f4c"] as const;
export const SCORE_BOUNDS = [20, 40, 60, 80] as const;

const STATE: Record<string, UnitStyle> = {
  vacant: { key: "vacant", shape: "diamond", fill: "#c4450f", line: WHITE, size: 1.35, order: 4 },
  occupied: { key: "occupied", shape: "circle", fill: "#5a7d95", line: WHITE, size: 0.95, order: 2 },
  non_retail: { key: "non_retail", shape: "square", fill: "#9aa4aa", line: WHITE, size: 0.8, order: 1 },
  unknown: { key: "unknown", shape: "ring", fill: WHITE, line: "#5d6b74", size: 0.85, order: 1 },
};

const DURATION: Record<string, UnitStyle> = {
  initial: { key: "initial", shape: "diamond", fill: "#f0b84f", line: INK, size: 1.35, order: 3 },
  long_term: { key: "long_term", shape: "diamond", fill: "#cf5a17", line: WHITE, size: 1.35, order: 4 },
  structural: { key: "structural", shape: "diamond", fill: "#6b1226", line: WHITE, size: 1.35, order: 5 },
  unknown: { key: "unknown_duration", shape: "diamond", fill: WHITE, line: "#5d6b74", size: 1.25, order: 3 },
  none: { key: "not_vacant", shape: "dot", fill: "#a8b1b6", line: WHITE, size: 0.6, order: 1 },
};

export function scoreClass(score: number): number {
  let index = 0;
  while (index < SCORE_BOUNDS.length && score >= SCORE_BOUNDS[index]!) index += 1;
  return index;
}

function scoreStyle(score: number, isVacant: boolean): UnitStyle {
  const shape: Shape = isVacant ? "diamond" : "circle";
  const size = isVacant ? 1.35 : 0.9;
  if (Number.isNaN(score)) {
    return { key: `${shape}-none`, shape, fill: WHITE, line: "#5d6b74", size: size * 0.85, order: 0 };
  }
  const index = scoreClass(score);
  return {
    key: `${shape}-${index}`,
    shape,
    fill: SCORE_COLOURS[index]!,
    line: index < 2 ? INK : WHITE,
    size,
    order: index + (isVacant ? 6 : 1),
  };
}

export function unitStyle(
  points: Points,
  i: number,
  colouring: Colouring,
  score: ArrayLike<number>,
): UnitStyle {
  const isVacant = points.state[i] === "vacant";
  if (colouring === "score") return scoreStyle(score[i]!, isVacant);
  if (colouring === "duration") return DURATION[isVacant ? (points.vacancy_class[i] ?? "unknown") : "none"]!;
  return STATE[points.state[i]!] ?? STATE.unknown!;
}

/** The entries of the legend for one colouring, with the key of their text. */
export function legendStyles(colouring: Colouring): { style: UnitStyle; text: string }[] {
  if (colouring === "duration") {
    return ["structural", "long_term", "initial", "unknown"]
      .map((code) => ({ style: DURATION[code]!, text: `vacancy_class.${code}` }))
      .concat({ style: DURATION.none!, text: "legend.not_vacant" });
  }
  if (colouring === "score") return [];
  return Object.entries(STATE).map(([code, style]) => ({ style, text: `state.${code}` }));
}

/** Radius in pixels of a circle of size 1. */
export function unitRadius(zoom: number): number {
  return Math.min(9, Math.max(2.6, 5.6 * 2 ** ((zoom - 16) * 0.42)));
}

/** Draw one symbol around (x, y). */
export function drawSymbol(
  context: CanvasRenderingContext2D,
  style: Pick<UnitStyle, "shape" | "fill" | "line" | "isDashed">,
  x: number,
  y: number,
  radius: number,
): void {
  context.beginPath();
  if (style.shape === "diamond") {
    context.moveTo(x, y - radius);
    context.lineTo(x + radius, y);
    context.lineTo(x, y + radius);
    context.lineTo(x - radius, y);
    context.closePath();
  } else if (style.shape === "square") {
    context.rect(x - radius * 0.85, y - radius * 0.85, radius * 1.7, radius * 1.7);
  } else {
    context.arc(x, y, radius, 0, 2 * Math.PI);
  }
  context.fillStyle = style.fill;
  context.fill();
  context.lineWidth = style.shape === "ring" ? 1.6 : 1.2;
  context.strokeStyle = style.line;
  context.setLineDash(style.isDashed ? [radius * 0.6, radius * 0.45] : []);
  context.stroke();
}
