import { type Matrix, ranksOf, scoresOf, type Weights } from "./ranking.ts";

export interface RankRange {
  lower: Int32Array;
  upper: Int32Array;
}

/** A small seeded generator: the same weights must always show the same range. */
function seeded(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

/**
 * Where a unit's rank lies in 80 % of the draws when every weight may be up to a quarter more or less.
 *
 * It is narrower than the range of the server, which also moves the values behind the score.
 */
export function rankRange(matrix: Matrix, weights: Weights, draws = 200, spread = 0.25): RankRange {
  const random = seeded(20261);
  const ranks = Array.from({ length: draws }, () => {
    const moved = Object.fromEntries(
      Object.entries(weights).map(([code, weight]) => [code, weight * (1 + spread * (2 * random() - 1))]),
    );
    return ranksOf(scoresOf(matrix, moved).score, matrix.ranked).rank;
  });
  const lower = new Int32Array(matrix.length);
  const upper = new Int32Array(matrix.length);
  const own = ranksOf(scoresOf(matrix, weights).score, matrix.ranked).rank;
  const column = new Int32Array(draws);
  const tail = Math.floor(draws * 0.1);
  for (let i = 0; i < matrix.length; i += 1) {
    if (own[i] === 0) continue;
    for (let d = 0; d < draws; d += 1) column[d] = ranks[d]![i]!;
    column.sort();
    lower[i] = Math.min(own[i]!, column[tail]!);
    upper[i] = Math.max(own[i]!, column[draws - 1 - tail]!);
  }
  return { lower, upper };
}
