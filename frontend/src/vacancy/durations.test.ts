import { afterEach, describe, expect, it } from "vitest";
import type { CurvePoint, DurationGroup, RiskReason } from "../api/types.ts";
import { setLanguage } from "../text/index.ts";
import { signed, yearName } from "./flow-chart.ts";
import { reasonText, strongest } from "./risk-words.ts";
import { daysText, medianText, monthsText, rangeText } from "./spans.ts";
import { drawnPart, tablePoints, yearMarks } from "./survival-curve.ts";

const plain = (text: string) => text.replace(/[\u00a0\u202f]/g, " ");
const GROUP = {
  code: null,
  reason: null,
  median_days: 500,
  median_lower_days: 400,
  median_upper_days: 800,
  watched_months: 60,
} as DurationGroup;

afterEach(() => setLanguage("nl"));

describe("how long units stand empty, in words", () => {
  it("is told in months up to two years, and in years beyond", () => {
    expect([monthsText(1), monthsText(14), monthsText(31)].map(plain)).toEqual([
      "1 maand",
      "14 maanden",
      "2,6 jaar",
    ]);
    expect(plain(daysText(365.25))).toBe("12 maanden");
  });

  it("gives the median with what it lies between", () => {
    expect(plain(medianText(GROUP, 10))).toBe("De helft is weer ingevuld na 16 maanden");
    expect(plain(rangeText(GROUP))).toBe("Met 95% zekerheid tussen 13 maanden en 2,2 jaar.");
  });

  it("says that a median was not reached, and when its end is open", () => {
    expect(plain(medianText({ ...GROUP, median_days: null }, 10))).toBe(
      "Meer dan de helft staat na 5 jaar nog leeg",
    );
    expect(plain(rangeText({ ...GROUP, median_upper_days: null }))).toBe(
      "Met 95% zekerheid langer dan 13 maanden.",
    );
    expect(rangeText({ ...GROUP, median_lower_days: null })).toBe("");
  });

  it("says why a small group is not measured", () => {
    expect(medianText({ ...GROUP, reason: "too_few_let" }, 10)).toBe(
      "Niet te meten: minder dan 10 keer weer ingevuld",
    );
  });
});

describe("figures", () => {
  it("mark whole years, fewer where there are many", () => {
    expect(yearMarks(40)).toEqual([0, 12, 24, 36]);
    expect(yearMarks(130)).toEqual([0, 24, 48, 72, 96, 120]);
    expect(yearMarks(5)).toEqual([0]);
  });

  it("draw a curve as far as five units are still watched", () => {
    const curve = [40, 20, 6, 4].map((n_at_risk, i) => ({ month: i * 12, n_at_risk }) as CurvePoint);
    expect(drawnPart(curve).map(({ month }) => month)).toEqual([0, 12, 24]);
  });

  it("have a table of half years, then of years", () => {
    const curve = Array.from({ length: 61 }, (_, month) => ({ month }) as CurvePoint);
    expect(tablePoints(curve).map(({ month }) => month)).toEqual([0, 6, 12, 18, 24, 30, 36, 48, 60]);
  });

  it("mark a year that was not watched whole, and the sign of a net", () => {
    expect(yearName({ year: 2026, is_partial: true })).toBe("2026*");
    expect([signed(3), signed(0), signed(-4)]).toEqual(["+3", "0", "−4"]);
  });
});

describe("reasons", () => {
  const reasons: RiskReason[] = [
    { feature: "branch_group", value: "fashion_luxury", odds_ratio: 1.62 },
    { feature: "had_vacancy", value: false, odds_ratio: 0.8 },
    { feature: "vacancy_around_share", value: 0.21, odds_ratio: 1.2 },
    { feature: "size_band", value: null, odds_ratio: 1.01 },
  ];

  it("leave out what nobody would notice", () => {
    expect(strongest(reasons).map(({ feature }) => feature)).toEqual([
      "branch_group",
      "had_vacancy",
      "vacancy_around_share",
    ]);
  });

  it("say what raises or lowers a chance, and by how much", () => {
    expect(reasons.slice(1, 3).map(reasonText).map(plain)).toEqual([
      "Nooit eerder leeg verlaagt de kans (× 0,8)",
      "Leegstand in de buurt (21%) verhoogt de kans (× 1,2)",
    ]);
  });
});
