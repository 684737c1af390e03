import type { PublicUnit } from "../api/finder.ts";

export const SUITS = ["retail", "hospitality", "services"] as const;
export type Suits = (typeof SUITS)[number];

/** What somebody looks for; null: it does not matter. */
export interface Wanted {
  town: string | null;
  min_m2: number | null;
  max_m2: number | null;
  max_rent: number | null;
  suits: Suits | null;
}

export const ANYTHING: Wanted = { town: null, min_m2: null, max_m2: null, max_rent: null, suits: null };

/** Whether a unit suits a use: yes, no, or null where its owner does not say. */
export function suitsFor(unit: PublicUnit, use: Suits): boolean | null {
  const { planning_use, horeca } = unit.facts;
  if (use === "hospitality" && horeca) return horeca !== "unfit";
  if (!planning_use) return null;
  return planning_use === use || planning_use === "mixed";
}

const within = (value: unknown, least: number | null, most: number | null): boolean | null =>
  least === null && most === null
    ? true
    : typeof value !== "number"
      ? null
      : (least === null || value >= least) && (most === null || value <= most);

/** Units that fit, and those that may: nothing that is said stands against them, but not everything is said. */
export function found(
  units: readonly PublicUnit[],
  wanted: Wanted,
): { fits: PublicUnit[]; may: PublicUnit[] } {
  const fits: PublicUnit[] = [];
  const may: PublicUnit[] = [];
  for (const unit of units) {
    if (wanted.town !== null && unit.nis_code !== wanted.town) continue;
    const answers = [
      within(unit.facts.floor_area_m2, wanted.min_m2, wanted.max_m2),
      within(unit.facts.rent_eur_per_month, null, wanted.max_rent),
      wanted.suits === null ? true : suitsFor(unit, wanted.suits),
    ];
    if (answers.includes(false)) continue;
    (answers.includes(null) ? may : fits).push(unit);
  }
  return { fits, may };
}
