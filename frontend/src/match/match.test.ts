import { afterEach, describe, expect, it } from "vitest";
import type { Requirement, Standing, ToldWish } from "../api/match.ts";
import { registerCodes, setLanguage } from "../text/index.ts";
import { askedText, bodyOf, freshWish, metText, rankText, reasonText } from "./words.ts";

afterEach(() => setLanguage("nl"));

const area: ToldWish = {
  code: "floor_area_m2",
  low: 120,
  high: null,
  branches: [],
  reach_m: 100,
  is_hard: true,
  unit: "m2",
  label_nl: "Winkelvloeroppervlakte",
  label_fr: "Surface de vente",
  label_en: "Shop floor area",
};
const standing: Standing = {
  verdict: "fits",
  rank: 2,
  rank_best: 2,
  rank_worst: 2,
  may_fall_out: false,
  soft_met: 1,
  soft_unknown: 0,
  soft: 3,
  hard_failed: 0,
  unknown: 0,
  score: null,
  answers: [],
};

describe("the reason why a unit falls out", () => {
  it("names what it has and what is asked", () => {
    expect(reasonText(area, { value: 70, verdict: "failed" })).toBe(
      "Winkelvloeroppervlakte: 70\u00a0m², vraagt minstens 120\u00a0m²",
    );
  });

  it("says that a value is not known, which is neither good nor bad", () => {
    expect(reasonText(area, { value: null, verdict: "unknown" })).toContain("niet bekend");
  });

  it("names the branches of neighbours and how far they count", () => {
    registerCodes("branch", [{ code: "school", label_nl: "School" } as { code: string }]);
    const wish = { ...area, branches: ["school"], reach_m: 400 as const, unit: "shops", low: 1 };
    expect(reasonText(wish, { value: 0, verdict: "failed" })).toContain("binnen 400 m (School)");
  });

  it("shows both ends of a range, and a yes as a yes", () => {
    expect(askedText({ ...area, high: 200 })).toBe("120\u00a0m² tot 200\u00a0m²");
    expect(askedText({ ...area, unit: "yes_no", low: 1 })).toBe("ja");
  });
});

describe("where a unit stands", () => {
  it("shows a range only where something is open", () => {
    expect(rankText(standing)).toBe("");
    expect(rankText({ ...standing, rank_best: 1, rank_worst: 4, may_fall_out: true })).toBe(
      "plaats 1 tot 4, kan nog afvallen",
    );
    expect(rankText({ ...standing, rank: null })).toBe("");
  });

  it("counts wishes that nobody knows apart from those that are met", () => {
    expect(metText(standing)).toBe("1 van 3 voorkeuren");
    expect(metText({ ...standing, unknown: 3 })).toBe("1 van 3 voorkeuren · 3 wensen niet bekend");
    expect(metText({ ...standing, soft: 0, unknown: 1 })).toBe(
      "geen voorkeuren gevraagd · 1 wens niet bekend",
    );
  });
});

describe("a profile that is written again", () => {
  it("lets go of a case that was removed", () => {
    const profile = { nis_code: "1", name: "Bakker", case_id: 7, case_title: null } as Requirement;
    expect(bodyOf(profile).case_id).toBeNull();
    expect(bodyOf({ ...profile, case_title: "Bakker" }).case_id).toBe(7);
  });
});

it("starts a rent with a most, a passage class with A2 and neighbours as a preference", () => {
  expect(freshWish("rent_eur_per_month", "range").low).toBeNull();
  expect(freshWish("passage_class", "range").low).toBe(4);
  expect(freshWish("neighbours_wanted", "branches").is_hard).toBe(false);
});
