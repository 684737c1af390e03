/** Where street names are written: pure geometry on screen pixels. */

export interface NamedLine {
  name: string;
  /** x, y, x, y ... in pixels. */
  points: number[];
  /** Higher is written first. */
  weight: number;
}

export interface Label {
  name: string;
  x: number;
  y: number;
  /** Radians, within a quarter turn, so that no name stands upside down. */
  angle: number;
}

interface Box {
  x: number;
  y: number;
  radius: number;
}

const BEND = 0.22;
const REPEAT_PX = 420;

/** The longest almost straight run of a line: its middle, direction and length. */
export function straightRun(
  points: readonly number[],
): { x: number; y: number; angle: number; length: number } | null {
  let best: { x: number; y: number; angle: number; length: number } | null = null;
  let start = 0;
  for (let i = 2; i < points.length; i += 2) {
    const next = i + 2 < points.length ? i + 2 : null;
    const bends =
      next === null || Math.abs(turn(direction(points, start, i), direction(points, i, next))) > BEND;
    if (!bends) continue;
    const dx = points[i]! - points[start]!;
    const dy = points[i + 1]! - points[start + 1]!;
    const length = Math.hypot(dx, dy);
    if (!best || length > best.length) {
      best = {
        x: points[start]! + dx / 2,
        y: points[start + 1]! + dy / 2,
        angle: upright(Math.atan2(dy, dx)),
        length,
      };
    }
    start = i;
  }
  return best;
}

function direction(points: readonly number[], from: number, to: number): number {
  return Math.atan2(points[to + 1]! - points[from + 1]!, points[to]! - points[from]!);
}

function turn(a: number, b: number): number {
  const difference = b - a;
  return Math.atan2(Math.sin(difference), Math.cos(difference));
}

function upright(angle: number): number {
  if (angle > Math.PI / 2) return angle - Math.PI;
  if (angle <= -Math.PI / 2) return angle + Math.PI;
  return angle;
}

/**
 * Choose names that fit on their street, do not touch each other and do not repeat too near.
 *
 * `widthOf` measures a name in pixels; `(width, height)` is what is in view.
 */
export function placeLabels(
  lines: readonly NamedLine[],
  view: { width: number; height: number },
  widthOf: (name: string) => number,
): Label[] {
  const candidates = lines
    .map((line) => ({ line, run: straightRun(line.points) }))
    .filter(
      (item): item is { line: NamedLine; run: NonNullable<ReturnType<typeof straightRun>> } =>
        item.run !== null,
    )
    .sort((a, b) => b.line.weight - a.line.weight || b.run.length - a.run.length);
  const placed: Label[] = [];
  const boxes: Box[] = [];
  for (const { line, run } of candidates) {
    const width = widthOf(line.name);
    if (run.length < width + 6) continue;
    if (run.x < 0 || run.y < 0 || run.x > view.width || run.y > view.height) continue;
    const near = placed.some(
      (label) => label.name === line.name && Math.hypot(label.x - run.x, label.y - run.y) < REPEAT_PX,
    );
    if (near) continue;
    const own = circlesAlong(run, width);
    if (own.some((box) => boxes.some((other) => touches(box, other)))) continue;
    boxes.push(...own);
    placed.push({ name: line.name, x: run.x, y: run.y, angle: run.angle });
  }
  return placed;
}

/** A turned text as a row of circles: they cannot overlap without the texts doing so. */
function circlesAlong(run: { x: number; y: number; angle: number }, width: number): Box[] {
  const radius = 8;
  const count = Math.max(1, Math.ceil(width / (2 * radius)));
  return Array.from({ length: count }, (_, i) => {
    const offset = ((i + 0.5) / count - 0.5) * width;
    return { x: run.x + Math.cos(run.angle) * offset, y: run.y + Math.sin(run.angle) * offset, radius };
  });
}

function touches(a: Box, b: Box): boolean {
  return Math.hypot(a.x - b.x, a.y - b.y) < a.radius + b.radius;
}

/** Join pieces of one street that meet end to end, so that a name may run over a crossing. */
export function joinLines(pieces: readonly NamedLine[]): NamedLine[] {
  const byName = new Map<string, NamedLine[]>();
  for (const piece of pieces) {
    const list = byName.get(piece.name);
    if (list) list.push(piece);
    else byName.set(piece.name, [piece]);
  }
  return [...byName.values()].flatMap((list) => joinOne(list));
}

function joinOne(pieces: NamedLine[]): NamedLine[] {
  const left = pieces.map((piece) => ({ ...piece, points: [...piece.points] }));
  const joined: NamedLine[] = [];
  while (left.length) {
    const line = left.pop()!;
    for (let i = 0; i < left.length; ) {
      const points = meet(line.points, left[i]!.points);
      if (points) {
        line.points = points;
        left.splice(i, 1);
        i = 0;
      } else {
        i += 1;
      }
    }
    joined.push(line);
  }
  return joined;
}

function meet(a: number[], b: number[]): number[] | null {
  const same = (i: number, p: number[], j: number, q: number[]) =>
    Math.abs(p[i]! - q[j]!) < 1.5 && Math.abs(p[i + 1]! - q[j + 1]!) < 1.5;
  const endA = a.length - 2;
  const endB = b.length - 2;
  if (same(endA, a, 0, b)) return [...a, ...b.slice(2)];
  if (same(endA, a, endB, b)) return [...a, ...turned(b).slice(2)];
  if (same(0, a, endB, b)) return [...b, ...a.slice(2)];
  if (same(0, a, 0, b)) return [...turned(b), ...a.slice(2)];
  return null;
}

function turned(points: readonly number[]): number[] {
  const result: number[] = [];
  for (let i = points.length - 2; i >= 0; i -= 2) result.push(points[i]!, points[i + 1]!);
  return result;
}
