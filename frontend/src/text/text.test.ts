import { afterEach, describe, expect, it } from "vitest";
import { en } from "./en.ts";
import { date, metres, number, percent, quantity, roughly, squareMetres, weekday } from "./format.ts";
import { fr } from "./fr.ts";
import {
  LANGUAGES,
  labelOf,
  onLanguage,
  preferredLanguage,
  registerCodes,
  setLanguage,
  t,
  tCode,
} from "./index.ts";
import { nl } from "./nl.ts";

const SOURCES = import.meta.glob<string>(["../**/*.ts", "!../**/*.test.ts", "!./{nl,fr,en}.ts"], {
  query: "?raw",
  import: "default",
  eager: true,
});
const places = (text: string) => [...text.matchAll(/\{(\w+)\}/g)].map((match) => match[1]).sort();

afterEach(() => setLanguage("nl"));

describe("the three languages", () => {
  it.each([
    ["fr", fr],
    ["en", en],
  ])("has the keys of Dutch in %s, and the same places in each text", (_, texts) => {
    expect(Object.keys(texts).sort()).toEqual(Object.keys(nl).sort());
    for (const [key, text] of Object.entries(nl)) {
      expect([key, ...places(texts[key as keyof typeof texts])]).toEqual([key, ...places(text)]);
    }
  });

  it("leaves no text empty", () => {
    for (const texts of [nl, fr, en]) {
      for (const [key, text] of Object.entries(texts)) expect([key, text.trim()]).not.toEqual([key, ""]);
    }
  });

  it("has no text that nothing shows", () => {
    const code = Object.values(SOURCES).join("\n");
    const prefixes = new Set([...code.matchAll(/tCode\(\s*"(\w+)"/g)].map((match) => match[1]));
    for (const [, start] of code.matchAll(/`(\w+)[._]\$\{/g)) prefixes.add(start);
    const unused = Object.keys(nl).filter((key) => {
      if (code.includes(`"${key}"`) || prefixes.has(key.split(".")[0]!)) return false;
      return !new RegExp(`\`${key.split(".")[0]}\\.\\$\\{`).test(code);
    });
    expect(unused).toEqual([]);
  });
});

describe("texts", () => {
  it("fills the places and leaves an unknown one standing", () => {
    expect(t("list.of", { total: "412" })).toBe("van 412 panden");
    expect(t("list.of")).toBe("van {total} panden");
  });

  it("chooses the first language of the browser that we speak, else Dutch", () => {
    expect(preferredLanguage(["de-DE", "fr-BE", "en"])).toBe("fr");
    expect(preferredLanguage(["de", "zh"])).toBe("nl");
  });

  it("shows a code without words as itself, and with the server's words once they are known", () => {
    expect(tCode("cause", "too_small")).toBe("too small");
    registerCodes("cause", [{ code: "too_small", label_nl: "Te klein", label_fr: "Trop petit" } as never]);
    expect(tCode("cause", "too_small")).toBe("Te klein");
    setLanguage("fr");
    expect(tCode("cause", "too_small")).toBe("Trop petit");
    expect(tCode("cause", null)).toBe(fr.unknown);
  });

  it("falls back on Dutch where a label has no other language", () => {
    setLanguage("en");
    expect(labelOf({ name_nl: "Veurne", name_en: null }, "name")).toBe("Veurne");
  });

  it("tells whoever listens, and stops telling", () => {
    let count = 0;
    const stop = onLanguage(() => {
      count += 1;
    });
    setLanguage("en");
    setLanguage("en");
    stop();
    setLanguage("nl");
    expect(count).toBe(1);
  });
});

describe("numbers and dates", () => {
  const plain = (text: string) => text.replace(/[\u00a0\u202f]/g, " ");
  const inAll = (write: () => string) =>
    LANGUAGES.map((language) => {
      setLanguage(language);
      return plain(write());
    });

  it("are written as each language writes them", () => {
    expect(inAll(() => number(12345.6, 1))).toEqual(["12.345,6", "12 345,6", "12,345.6"]);
    expect(inAll(() => percent(0.1234))).toEqual(["12,3%", "12,3 %", "12.3%"]);
    expect(inAll(() => date("2026-03-01"))).toEqual(["1 maart 2026", "1 mars 2026", "1 March 2026"]);
    expect(inAll(() => weekday(0, "long"))).toEqual(["maandag", "lundi", "Monday"]);
  });

  it("round an estimate to two figures", () => {
    expect(roughly(1675)).toBe("1.700");
    expect(roughly(84)).toBe("84");
  });

  it("carry their unit, and a share is a percentage", () => {
    expect(plain(quantity(212.4, "m2"))).toBe("212 m²");
    expect(plain(quantity(6.4, "m"))).toBe("6,4 m");
    expect(plain(quantity(0.124, "share"))).toBe("12,4%");
    expect(plain(quantity(3120, "persons"))).toBe("3.120 inwoners");
    expect(plain(quantity(4, null))).toBe("4");
    expect(plain(squareMetres(1234.5))).toBe("1.235 m²");
    expect([plain(metres(84)), plain(metres(1250))]).toEqual(["84 m", "1,3 km"]);
  });

  it("keep a day the same day in every time zone", () => {
    expect(date("2026-01-01")).toContain("1 januari");
  });
});
