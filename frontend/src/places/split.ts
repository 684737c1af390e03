import type { EditPart } from "../api/types.ts";

export interface SplitSum {
  /** What the parts hold together, m². */
  total: number;
  /** What is left of the whole, m²; null where an area is not known. */
  left: number | null;
}

/** Two parts of the same size: who trades stays in the first, what is empty stays empty in both. */
export function startParts(areaM2: number | null, isTrading: boolean, hasBox: boolean): EditPart[] {
  const half = areaM2 === null ? null : Math.round(areaM2 / 2);
  const rest = areaM2 === null || half === null ? null : Math.round((areaM2 - half) * 10) / 10;
  const part = (area: number | null, number: number): EditPart => ({
    state: isTrading && number > 1 ? "vacant" : "as_before",
    occupant_name: null,
    branch_code: null,
    box: hasBox ? null : String(number),
    floor_area_m2: area,
  });
  return [part(half, 1), part(rest, 2)];
}

/** Whether the parts and what goes to none make up the whole, as far as is known. */
export function splitSum(areaM2: number | null, parts: readonly EditPart[], unassignedM2: number): SplitSum {
  const total = parts.reduce((sum, part) => sum + (part.floor_area_m2 ?? 0), 0) + unassignedM2;
  const isKnown = areaM2 !== null && parts.every((part) => part.floor_area_m2 !== null);
  return { total, left: isKnown ? Math.round((areaM2 - total) * 10) / 10 : null };
}
