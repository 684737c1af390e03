import { describe, expect, it } from "vitest";
import { aPoints } from "../api/points.fixture.ts";
import type { Indicator, ProfileContent, ProfileRanking } from "../api/types.ts";
import { setLanguage } from "../text/index.ts";
import { faultOf, freshCriterion, withoutScores, withRanking, withWeights } from "./profile.ts";
import { wishText } from "./profile-wishes.ts";
import { matrixOf, rerank } from "./ranking.ts";

const CRITERION = {
  code: "a",
  weight: 0.5,
  is_on: true,
  direction: "more",
  scale: "linear",
  ideal: null,
  low: null,
  high: null,
} as const;
const CONTENT: ProfileContent = { criteria: [CRITERION], wishes: [], good: [], bad: [], rivals: [] };
const points = aPoints([{ scaled: { a: 10 } }, { scaled: { a: 20 } }, { scaled: { a: 30 } }], { a: 1 });
const ids = points.ids;
const ranked: ProfileRanking = {
  ids: [ids[2]!, ids[0]!],
  score: [80, 40],
  rank: [null, 1],
  rank_lower: [null, 1],
  rank_upper: [null, 2],
  first_share: [null, 0.6],
  scaled: { b: [80, 40] },
  criteria: points.criteria.map((criterion) => ({ ...criterion, code: "b" })),
  wishes: [],
  failed: { [ids[2]!]: [0] },
  unknown: {},
  is_out: [true, false],
  candidates: 2,
  ranked: 1,
  out: 1,
  topsis_agreement: null,
};

describe("scores of a profile", () => {
  const shown = withRanking(points, ranked);

  it("land on their own units, whatever the order, and a unit without any has none", () => {
    expect(shown.score).toEqual([40, null, 80]);
    expect(shown.rank).toEqual([1, null, null]);
    expect(shown.scaled).toEqual({ b: [40, null, 80] });
    expect(shown.address).toBe(points.address);
  });

  it("rank nobody who fails a hard wish, also under weights of one's own", () => {
    expect([...rerank(matrixOf(shown), { b: 1 }).rank]).toEqual([1, 0, 0]);
  });

  it("are not those of another profile while they are on the way", () => {
    const waiting = withoutScores(points);
    expect(waiting.score).toEqual([null, null, null]);
    expect(waiting.criteria).toEqual([]);
  });
});

describe("a profile that is changed", () => {
  it("takes the weights that were moved and keeps the others", () => {
    const two = { ...CONTENT, criteria: [CRITERION, { ...CRITERION, code: "b" }] };
    expect(withWeights(two, { b: 0.9 }).criteria.map(({ weight }) => weight)).toEqual([0.5, 0.9]);
    expect(withWeights(two, null)).toBe(two);
  });

  it("says what is wrong before the server has to", () => {
    const of = (patch: object) => faultOf({ ...CONTENT, criteria: [{ ...CRITERION, ...patch }] });
    expect(of({})).toBeNull();
    expect(of({ is_on: false })).toBe("weightless");
    expect(of({ weight: 0 })).toBe("weightless");
    expect(of({ low: 5, high: 5 })).toBe("ends");
    expect(of({ direction: "ideal" })).toBe("ideal");
    const wish = { code: "a", low: null, high: null, is_unknown_out: false };
    expect(faultOf({ ...CONTENT, wishes: [wish] })).toBe("wish");
    expect(faultOf({ ...CONTENT, wishes: [{ ...wish, low: 3, high: 2 }] })).toBe("wish");
    expect(faultOf({ ...CONTENT, wishes: [{ ...wish, low: 2, high: 2 }] })).toBeNull();
  });

  it("starts a criterion from the registry", () => {
    const indicator = { code: "stop_m", direction: "less", scale: "linear" } as Indicator;
    expect(freshCriterion(indicator)).toMatchObject({
      code: "stop_m",
      direction: "less",
      is_on: true,
      low: null,
    });
  });
});

describe("a hard wish in words", () => {
  it("names what is needed", () => {
    setLanguage("nl");
    const wish = { code: "floor_area_m2", low: 60, high: null, is_unknown_out: false, unit: "m2" };
    expect(wishText(wish, "Oppervlakte")).toBe("Oppervlakte: minstens 60\u00a0m²");
    expect(wishText({ ...wish, high: 250 }, "Oppervlakte")).toBe("Oppervlakte: 60\u00a0m² tot 250\u00a0m²");
    expect(wishText({ ...wish, low: null, high: 250 }, "Oppervlakte")).toBe(
      "Oppervlakte: hoogstens 250\u00a0m²",
    );
    expect(wishText({ ...wish, low: 1, unit: "yes_no" }, "Gelijkvloers")).toBe("Gelijkvloers: ja");
    expect(wishText({ ...wish, low: 3, unit: "passage_class" }, "Klasse")).toBe("Klasse: minstens B1");
  });
});
