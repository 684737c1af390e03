import { describe, expect, it } from "vitest";
import { aPoints } from "../api/points.fixture.ts";
import { weighComponents } from "./components.ts";
import { rankRange } from "./rank-range.ts";
import { defaultWeights, knownCodes, matrixOf, missingOf, rerank, shares } from "./ranking.ts";

const WEIGHTS = { footfall: 0.5, parking: 0.3, anchors: 0.2 };
const points = aPoints(
  [
    { scaled: { footfall: 80, parking: 20, anchors: 50 } },
    { scaled: { footfall: 20, parking: 90, anchors: 50 } },
    { scaled: { footfall: 80, parking: null, anchors: 50 } },
    { scaled: {} },
    { state: "occupied", scaled: { footfall: 100, parking: 100, anchors: 100 } },
  ],
  WEIGHTS,
);
const matrix = matrixOf(points);

/** Reproducible noise in 0-1. */
function noise(i: number): number {
  const x = Math.sin(i * 12.9898 + 4.1414) * 43758.5453;
  return x - Math.floor(x);
}

function manyPoints(count: number, codes: number) {
  const weights = Object.fromEntries(Array.from({ length: codes }, (_, c) => [`c${c}`, 1 / codes]));
  return aPoints(
    Array.from({ length: count }, (_, i) => ({
      state: i % 9 ? ("occupied" as const) : ("vacant" as const),
      scaled: Object.fromEntries(
        Object.keys(weights).map((code, c) => [
          code,
          noise(i * codes + c) < 0.04 ? null : 100 * noise(i + c * 7919),
        ]),
      ),
    })),
    weights,
  );
}

describe("ranking under weights", () => {
  const ranking = rerank(matrix, defaultWeights(points.criteria));

  it("scores by the weighted mean, by hand", () => {
    expect(ranking.score[0]).toBeCloseTo(0.5 * 80 + 0.3 * 20 + 0.2 * 50);
    expect(ranking.score[1]).toBeCloseTo(0.5 * 20 + 0.3 * 90 + 0.2 * 50);
  });

  it("lets a missing value count neither for nor against", () => {
    expect(ranking.score[2]).toBeCloseTo((0.5 * 80 + 0.2 * 50) / 0.7);
    expect([...ranking.missing]).toEqual([0, 0, 1, 3, 0]);
  });

  it("gives no score and no rank to a unit of which nothing is known", () => {
    expect(ranking.score[3]).toBeNaN();
    expect(ranking.rank[3]).toBe(0);
  });

  it("ranks vacant units only, best first", () => {
    expect([...ranking.rank]).toEqual([2, 3, 1, 0, 0]);
    expect(ranking.of).toBe(3);
  });

  it("gives equal scores the same rank and skips the next", () => {
    const equal = aPoints(
      [50, 70, 50, 10].map((value) => ({ scaled: { a: value } })),
      { a: 1 },
    );
    expect([...rerank(matrixOf(equal), { a: 1 }).rank]).toEqual([2, 1, 2, 4]);
  });

  it("does not change when all weights are multiplied", () => {
    for (const factor of [0.001, 3, 1000]) {
      const times = Object.fromEntries(
        Object.entries(WEIGHTS).map(([code, weight]) => [code, weight * factor]),
      );
      expect([...rerank(matrix, times).rank]).toEqual([...ranking.rank]);
    }
  });

  it("ranks by one criterion alone when the others weigh nothing", () => {
    expect([...rerank(matrix, { footfall: 0, parking: 1, anchors: 0 }).rank]).toEqual([2, 1, 0, 0, 0]);
  });

  it("does not call a unit uncertain for what is known of none", () => {
    const blind = matrixOf(aPoints([{ scaled: { a: 1 } }, { scaled: { a: null } }], { a: 1, b: 1 }));
    expect(knownCodes(blind)).toEqual(["a"]);
    expect([...missingOf(blind)]).toEqual([0, 1]);
    expect([...rerank(blind, { a: 1, b: 1 }).missing]).toEqual([0, 1]);
  });

  it("knows no scores when every weight is zero", () => {
    expect(rerank(matrix, { footfall: 0, parking: 0, anchors: 0 }).of).toBe(0);
  });

  it("writes weights as shares of the whole", () => {
    expect(shares({ a: 30, b: 10 })).toEqual({ a: 0.75, b: 0.25 });
    expect(shares({ a: 0 })).toEqual({ a: 0 });
  });
});

describe("the range of a rank", () => {
  const many = matrixOf(manyPoints(400, 6));
  const weights = Object.fromEntries(many.codes.map((code) => [code, 1]));

  it("holds the rank itself and stays within the ranked units", () => {
    const { rank, of } = rerank(many, weights);
    const range = rankRange(many, weights);
    rank.forEach((own, i) => {
      if (own === 0) {
        expect([range.lower[i], range.upper[i]]).toEqual([0, 0]);
      } else {
        expect(range.lower[i]!).toBeGreaterThanOrEqual(1);
        expect(range.lower[i]!).toBeLessThanOrEqual(own);
        expect(range.upper[i]!).toBeGreaterThanOrEqual(own);
        expect(range.upper[i]!).toBeLessThanOrEqual(of);
      }
    });
  });

  it("is the rank alone when there is one criterion", () => {
    const single = matrixOf(
      aPoints(
        [10, 30, 20].map((value) => ({ scaled: { a: value } })),
        { a: 1 },
      ),
    );
    const range = rankRange(single, { a: 1 });
    expect([...range.lower]).toEqual([3, 1, 2]);
    expect([...range.upper]).toEqual([3, 1, 2]);
  });

  it("is the same each time it is asked", () => {
    expect(rankRange(many, weights)).toEqual(rankRange(many, weights));
  });

  it("grows when the weights may move further", () => {
    const width = (spread: number) => {
      const { lower, upper } = rankRange(many, weights, 200, spread);
      return upper.reduce((sum, value, i) => sum + value - lower[i]!, 0);
    };
    expect(width(0.5)).toBeGreaterThan(width(0.1));
  });
});

describe("the components of a score", () => {
  const component = (code: string, weight: number, scaled: number | null) => ({
    code,
    label: code,
    value: scaled,
    unit: null,
    lower: null,
    upper: null,
    scaled,
    weight,
    contribution: null,
    source: null,
    observed_on: null,
    note: null,
  });
  const components = [component("a", 0.5, 80), component("b", 0.3, null), component("c", 0.2, 40)];

  it("add up to the score exactly", () => {
    const sum = weighComponents(components, null).reduce(
      (total, item) => total + (item.component.contribution ?? 0),
      0,
    );
    expect(sum).toBeCloseTo((0.5 * 80 + 0.2 * 40) / 0.7, 10);
  });

  it("follow the user's own weights and leave out what is missing", () => {
    const weighed = weighComponents(components, { a: 1, b: 5, c: 3 });
    expect(weighed.map(({ share }) => share)).toEqual([0.25, 0, 0.75]);
    expect(weighed[1]!.component.contribution).toBeNull();
  });
});

describe("speed", () => {
  it("ranks five thousand units by eight criteria again and says how long it took", () => {
    const large = matrixOf(manyPoints(5000, 8));
    const weights = Object.fromEntries(large.codes.map((code) => [code, 1]));
    const times = Array.from({ length: 30 }, (_, i) => {
      const started = performance.now();
      rerank(large, { ...weights, c0: i });
      return performance.now() - started;
    }).sort((a, b) => a - b);
    console.info(
      `rerank of 5000 units: median ${times[15]!.toFixed(2)} ms, slowest ${times[29]!.toFixed(2)} ms`,
    );
    expect(times).toHaveLength(30);
  });
});
