import { afterEach, describe, expect, it } from "vitest";
import { setLanguage } from "../text/index.ts";
import { cautionText, daysText, rangeText, readPoint, repeatOf, ruleOf, signed, spread } from "./words.ts";

const plain = (text: string) => text.replace(/[\u00a0\u202f]/g, " ");

afterEach(() => setLanguage("nl"));

describe("an effect in words", () => {
  it("carries its sign, and none where it rounds to nothing", () => {
    expect([0.344, -0.12, 0.001, null].map((share) => plain(signed(share)))).toEqual([
      "+34%",
      "−12%",
      "0%",
      "–",
    ]);
  });

  it("has an interval, or says why there is none", () => {
    expect(plain(rangeText({ lower: 0.12, upper: 0.6, reason: null }))).toBe("+12% tot +60%");
    expect(rangeText({ lower: null, upper: null, reason: "no_sensor" })).toBe("geen teller in dit gebied");
  });

  it("names one day once and two days as a span", () => {
    expect(daysText("2026-06-20", "2026-06-20")).toBe("20 juni 2026");
    expect(daysText("2026-06-20", "2026-06-21")).toBe("20 juni 2026 tot 21 juni 2026");
  });

  it("fills what a caution is about", () => {
    expect(plain(cautionText({ code: "short_past", level: 0.833 }))).toContain("83%");
    expect(cautionText({ code: "overlaps", names: ["Kermis", "Markt"] })).toContain("Kermis, Markt");
  });
});

describe("the rule of an event that comes back", () => {
  // The third Saturday of June.
  const start = "2026-06-20T10:00:00";

  it("is made of the choice, and the choice is known again from the rule", () => {
    expect(ruleOf("weekly", start, "")).toBe("FREQ=WEEKLY;BYDAY=SA");
    expect(ruleOf("monthly", start, "")).toBe("FREQ=MONTHLY;BYDAY=3SA");
    expect(ruleOf("monthly", "2026-05-30T10:00:00", "")).toBe("FREQ=MONTHLY;BYDAY=-1SA");
    for (const repeat of ["once", "weekly", "fortnightly", "monthly", "yearly"] as const) {
      expect(repeatOf(ruleOf(repeat, start, ""), start)).toBe(repeat);
    }
  });

  it("is its own where no choice makes it", () => {
    expect(repeatOf("FREQ=MONTHLY;BYMONTHDAY=1", start)).toBe("own");
    expect(ruleOf("own", start, " FREQ=DAILY ")).toBe("FREQ=DAILY");
  });
});

describe("a place", () => {
  it("is read with commas or points, and nothing else is a place", () => {
    expect(readPoint("50,888 3,43")).toEqual([3.43, 50.888]);
    expect(readPoint("50.888, 3.43")).toEqual([3.43, 50.888]);
    for (const text of ["", "50.888", "markt", "95 3", "1 2 3"]) expect(readPoint(text)).toBeNull();
  });
});

describe("the spread of ordinary days", () => {
  it("counts every one of them once, and puts no event outside", () => {
    const shares = Array.from({ length: 50 }, (_, i) => (i - 25) / 100);
    for (const event of [-0.9, 0, 0.1, 8]) {
      const { counts, at } = spread(shares, event, 25);
      expect(counts.reduce((sum, n) => sum + n, 0)).toBe(50);
      expect(at).toBeGreaterThan(0);
      expect(at).toBeLessThan(1);
    }
  });
});
