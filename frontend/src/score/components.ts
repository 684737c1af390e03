import type { ScoreComponent } from "../api/types.ts";
import type { Weights } from "./ranking.ts";

export interface OwnScore {
  value: number | null;
  rank: number | null;
  rank_lower: number | null;
  rank_upper: number | null;
  of: number | null;
}

/** A range of ranks as it is written: one number when both ends are the same. */
export function rangeText(lower: number | null, upper: number | null): string | null {
  if (!lower || !upper) return null;
  return lower === upper ? String(lower) : `${lower}–${upper}`;
}

/** Components with the share each weighs, and the points it brings: together exactly the score. */
export function weighComponents(
  components: readonly ScoreComponent[],
  weights: Weights | null,
): { component: ScoreComponent; share: number }[] {
  const weightOf = (component: ScoreComponent) =>
    Math.max(0, weights ? (weights[component.code] ?? 0) : component.weight);
  const total = components.reduce(
    (sum, component) => sum + (component.scaled === null ? 0 : weightOf(component)),
    0,
  );
  return components.map((component) => {
    const share = component.scaled === null || total === 0 ? 0 : weightOf(component) / total;
    const contribution = component.scaled === null ? null : share * component.scaled;
    return { component: { ...component, contribution }, share };
  });
}
