import type { PersonFacts, PersonPurpose } from "../api/persons.ts";

/** What is filled in as text; empty is nothing. */
export const PLAIN_FACTS = [
  "full_name",
  "organisation",
  "email",
  "phone",
  "language",
  "legal_basis",
  "legal_basis_note",
  "informed_on",
  "last_contact_on",
  "note",
  "acquisition_basis",
  "acquisition_basis_note",
] as const;

/** Whether acquisition needs a basis of its own first: the wall between levy and acquisition. */
export function isWalled(source: string, purpose: PersonPurpose): boolean {
  return purpose === "levy" || !["self", "broker_listing"].includes(source);
}

/** What became another value. What belongs together is said together. */
export function said(facts: Partial<PersonFacts>, was: PersonFacts): Partial<PersonFacts> {
  const changed = Object.fromEntries(
    Object.entries(facts).filter(([name, value]) => value !== was[name as keyof PersonFacts]),
  ) as Partial<PersonFacts>;
  // Whoever is not to be contacted has no field for it.
  if (was.do_not_contact) delete changed.last_contact_on;
  for (const [one, other] of [
    ["legal_basis", "legal_basis_note"],
    ["acquisition_basis", "acquisition_basis_note"],
  ] as const) {
    if (!(one in changed || other in changed)) continue;
    if (one === "acquisition_basis" && !("acquisition_basis" in facts)) continue;
    changed[one] = facts[one] as never;
    changed[other] = facts[other] as never;
  }
  return changed;
}
