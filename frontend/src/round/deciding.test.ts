import { afterEach, expect, it } from "vitest";
import type { RoundBranch, RoundDifference, RoundKind } from "../api/types.ts";
import { setLanguage } from "../text/index.ts";
import { grouped, KINDS, openIds } from "./deciding.ts";
import { described, findBranches, sameText } from "./words.ts";

afterEach(() => setLanguage("nl"));

function item(
  kind: RoundKind,
  position: number,
  needs_choice: boolean,
  decisions: string[],
): RoundDifference {
  const observations = decisions.map((decision, index) => ({ id: position * 10 + index, decision }));
  return { kind, position, needs_choice, observations } as RoundDifference;
}

it("shows first what a person must settle, then the units in walking order", () => {
  const groups = grouped([
    item("let", 2, false, ["pending"]),
    item("let", 1, false, ["pending"]),
    item("let", 3, true, ["pending", "pending"]),
    item("confirmed", 0, false, ["pending"]),
  ]);
  expect(groups.get("let")!.map((one) => one.position)).toEqual([3, 1, 2]);
  expect([...groups.keys()].every((kind) => KINDS.includes(kind))).toBe(true);
});

it("decides together only what waits and what nobody contradicts", () => {
  const items = [
    item("let", 1, false, ["pending", "pending"]),
    item("let", 2, true, ["pending"]),
    item("let", 3, false, ["accepted", "rejected"]),
  ];
  expect(openIds(items)).toEqual([10, 11]);
});

const BRANCHES = new Map<string, RoundBranch>(
  [
    ["bakery", "Bakkerij", "Boulangerie", "Bakery"],
    ["tobacco", "Kranten en tabak", "Presse et tabac", "News and tobacco"],
    ["coffee", "Koffie & thee", "Café et thé", "Coffee and tea"],
  ].map(([code, label_nl, label_fr, label_en]) => [
    code!,
    { code, branch_group: "daily", label_nl, label_fr, label_en } as RoundBranch,
  ]),
);

it("finds a branch by letters, those that begin with them first, with or without accents", () => {
  expect(findBranches(BRANCHES, "bak").map(({ code }) => code)).toEqual(["bakery", "tobacco"]);
  setLanguage("fr");
  expect(findBranches(BRANCHES, " CAFE ").map(({ code }) => code)).toEqual(["coffee"]);
  expect(findBranches(BRANCHES, "  ")).toEqual([]);
  expect(findBranches(BRANCHES, "xyz")).toEqual([]);
});

it("says of a vacant unit only that it is vacant", () => {
  const known = { occupant_name: "Jan", branch_code: "bakery" };
  expect(described({ state: "occupied", ...known }, BRANCHES)).toBe("Ingevuld · Jan · Bakkerij");
  expect(described({ state: "vacant", ...known }, BRANCHES)).toBe("Leeg");
  expect([sameText("vacant"), sameText("occupied")]).toEqual(["Nog leeg", "Nog hetzelfde"]);
});
