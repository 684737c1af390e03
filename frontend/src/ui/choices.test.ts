import { expect, it } from "vitest";
import { type Choice, keeping } from "./choices.ts";

const CHOICES: readonly Choice[] = [
  ["bakery", "Bakkerij"],
  ["fashion", "Kleding"],
];

it("keeps what was chosen while its list is on its way, or does not hold it", () => {
  expect(keeping([], "optician", "Optiek")).toEqual([["optician", "Optiek"]]);
  expect(keeping(CHOICES, "office", "Kantoor").map(([code]) => code)).toEqual([
    "bakery",
    "fashion",
    "office",
  ]);
});

it("adds nothing to a list that holds it, nor where nothing was chosen", () => {
  expect(keeping(CHOICES, "fashion", "Kleding")).toBe(CHOICES);
  expect(keeping(CHOICES, null, "")).toBe(CHOICES);
  expect(keeping(CHOICES, "", "")).toBe(CHOICES);
});
