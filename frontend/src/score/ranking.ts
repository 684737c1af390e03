import type { Criterion, Points } from "../api/types.ts";

export type Weights = Record<string, number>;

/** The scaled values of all shop units, one column of numbers per criterion; NaN where a value is missing. */
export interface Matrix {
  codes: string[];
  columns: Float64Array[];
  length: number;
  /** Only vacant units that fail no hard wish are ranked against each other: 1 for those. */
  ranked: Uint8Array;
}

export interface Ranking {
  /** 0-100; NaN for a unit of which nothing is known. */
  score: Float64Array;
  /** 1 is best, equal scores share a rank; 0 for a unit that is not ranked. */
  rank: Int32Array;
  /** Number of criteria that are weighted but unknown for this unit. */
  missing: Uint8Array;
  /** Units that have a rank. */
  of: number;
}

export function matrixOf(points: Points): Matrix {
  const codes = points.criteria.map((criterion) => criterion.code);
  const length = points.ids.length;
  const columns = codes.map((code) => {
    const column = new Float64Array(length).fill(Number.NaN);
    points.scaled[code]?.forEach((value, i) => {
      if (value !== null) column[i] = value;
    });
    return column;
  });
  const ranked = Uint8Array.from(points.state, (state, i) =>
    state === "vacant" && !points.is_out?.[i] ? 1 : 0,
  );
  return { codes, columns, length, ranked };
}

export function defaultWeights(criteria: readonly Criterion[]): Weights {
  return Object.fromEntries(criteria.map((criterion) => [criterion.code, criterion.weight]));
}

/** Each weight as its share of the whole; all zero when everything is off. */
export function shares(weights: Weights): Weights {
  const total = Object.values(weights).reduce((sum, weight) => sum + weight, 0);
  return Object.fromEntries(
    Object.entries(weights).map(([code, weight]) => [code, total > 0 ? weight / total : 0]),
  );
}

/** Weighted mean over the criteria that are known: what is missing counts neither for nor against. */
export function scoresOf(matrix: Matrix, weights: Weights): { score: Float64Array; missing: Uint8Array } {
  const sum = new Float64Array(matrix.length);
  const present = new Float64Array(matrix.length);
  const missing = new Uint8Array(matrix.length);
  const known = new Set(knownCodes(matrix));
  matrix.columns.forEach((column, c) => {
    const code = matrix.codes[c]!;
    const weight = weights[code] ?? 0;
    if (weight <= 0 || !known.has(code)) return;
    for (let i = 0; i < matrix.length; i += 1) {
      const value = column[i]!;
      if (Number.isNaN(value)) {
        missing[i]! += 1;
      } else {
        sum[i]! += weight * value;
        present[i]! += weight;
      }
    }
  });
  for (let i = 0; i < matrix.length; i += 1) sum[i] = present[i]! > 0 ? sum[i]! / present[i]! : Number.NaN;
  return { score: sum, missing };
}

/** The criteria of which something is known here; one that no unit has tells nothing about any of them. */
export function knownCodes(matrix: Matrix): string[] {
  return matrix.codes.filter((_, c) => matrix.columns[c]!.some((value) => !Number.isNaN(value)));
}

/** How many of the criteria that others have are unknown for each unit. */
export function missingOf(matrix: Matrix): Uint8Array {
  const missing = new Uint8Array(matrix.length);
  const known = new Set(knownCodes(matrix));
  for (const [c, column] of matrix.columns.entries()) {
    if (!known.has(matrix.codes[c]!)) continue;
    for (let i = 0; i < matrix.length; i += 1) if (Number.isNaN(column[i]!)) missing[i]! += 1;
  }
  return missing;
}

/** Ranks of scores, highest first; equal scores share the better rank. */
export function ranksOf(score: Float64Array, ranked: Uint8Array): { rank: Int32Array; of: number } {
  const order: number[] = [];
  for (let i = 0; i < score.length; i += 1) {
    if (ranked[i] && !Number.isNaN(score[i]!)) order.push(i);
  }
  // A typed array sorts numerically several times faster than an array with a comparison.
  const sorted = Float64Array.from(order, (i) => -score[i]!).sort();
  const rank = new Int32Array(score.length);
  for (const i of order) rank[i] = lowerBound(sorted, -score[i]!) + 1;
  return { rank, of: order.length };
}

function lowerBound(sorted: Float64Array, value: number): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (sorted[middle]! < value) low = middle + 1;
    else high = middle;
  }
  return low;
}

export function rerank(matrix: Matrix, weights: Weights): Ranking {
  const { score, missing } = scoresOf(matrix, weights);
  return { score, missing, ...ranksOf(score, matrix.ranked) };
}
