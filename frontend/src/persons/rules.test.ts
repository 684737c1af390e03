import { expect, it } from "vitest";
import type { PersonFacts } from "../api/persons.ts";
import { isWalled, said } from "./rules.ts";

const WAS = {
  full_name: "Petra Voorbeeld",
  phone: null,
  legal_basis: "consent",
  legal_basis_note: "Brief",
  last_contact_on: null,
  do_not_contact: false,
  acquisition_basis: null,
  acquisition_basis_note: null,
} as unknown as PersonFacts;

it("sends only what became another value", () => {
  expect(said({ ...WAS, phone: "0470 00 00 00" }, WAS)).toEqual({ phone: "0470 00 00 00" });
  expect(said({ ...WAS }, WAS)).toEqual({});
});

it("sends what belongs together together", () => {
  expect(said({ ...WAS, legal_basis_note: "Mail" }, WAS)).toEqual({
    legal_basis: "consent",
    legal_basis_note: "Mail",
  });
  expect(said({ ...WAS, acquisition_basis: "consent", acquisition_basis_note: "Brief" }, WAS)).toEqual({
    acquisition_basis: "consent",
    acquisition_basis_note: "Brief",
  });
});

it("says nothing of a contact that was not to be", () => {
  expect(
    said({ do_not_contact: true, last_contact_on: "2026-01-01" }, { ...WAS, do_not_contact: true }),
  ).toEqual({});
});

it("knows which contacts stand behind the wall", () => {
  expect(isWalled("self", "acquisition")).toBe(false);
  expect(isWalled("broker_listing", "acquisition")).toBe(false);
  for (const source of ["kbo", "cadastre", "register"]) expect(isWalled(source, "acquisition")).toBe(true);
  expect(isWalled("self", "levy")).toBe(true);
});
