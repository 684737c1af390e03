import { describe, expect, it } from "vitest";
import type { Gap } from "../api/branches.ts";
import { factValue, shops, shownGaps, strip } from "./gaps.ts";

const row = (label: string, more: Partial<Gap>): Gap =>
  ({ branch: label, label_nl: label, n_own: 0, gap: 0, kind: "even", certainty: "usual", ...more }) as Gap;

describe("rows of branches", () => {
  const rows = [
    row("a", { kind: "void", certainty: "too_few", gap: 9 }),
    row("b", { kind: "gap", certainty: "sure", gap: 1 }),
    row("c", { kind: "void", certainty: "sure", gap: 3 }),
    row("d", { kind: "surplus", certainty: "sure", gap: -8 }),
    row("e", { kind: null, certainty: null, gap: null }),
    row("f", { kind: "void", certainty: "likely", gap: 3 }),
  ];
  const names = (filter: Parameters<typeof shownGaps>[1]) => shownGaps(rows, filter).map((one) => one.branch);

  it("put what is sure before what is large", () => {
    expect(names("missing")).toEqual(["c", "b", "f", "a"]);
  });

  it("keep what cannot be shown under all of them only, at the end", () => {
    expect(names("all")).toEqual(["d", "c", "b", "f", "a", "e"]);
    expect(names("surplus")).toEqual(["d"]);
    expect(names("gap")).toEqual(["b"]);
  });

  it("do not move the rows they were given", () => {
    const before = [...rows];
    shownGaps(rows, "all");
    expect(rows).toEqual(before);
  });
});

describe("a strip", () => {
  it("lies between nothing and the largest of the usual range and the own number", () => {
    expect(strip(row("a", { usual_lower: 2, usual_upper: 8, n_own: 4 }))).toEqual({
      from: 25,
      to: 100,
      own: 50,
    });
    expect(strip(row("a", { usual_lower: 0, usual_upper: 0, n_own: 0 }))).toEqual({ from: 0, to: 0, own: 0 });
  });

  it("is not drawn where nobody knows what is usual", () => {
    expect(strip(row("a", { usual_lower: null, usual_upper: null }))).toBeNull();
  });
});

describe("values", () => {
  it("have the unit of their fact", () => {
    expect(factValue("near_core_share", 0.734)).toMatch(/^73\s?%$/);
    expect(factValue("income_eur", 24100)).toContain("24.100");
    expect(factValue("inhabitants", 22800)).toBe("22.800");
    expect(factValue("shops_per_1000", 8.26)).toBe("8,3");
  });

  it("have a decimal where shops are few", () => {
    expect([shops(2.94), shops(12.4)]).toEqual(["2,9", "12"]);
  });
});
