import type {
  Indicator,
  Points,
  ProfileContent,
  ProfileCriterion,
  ProfileExplanation,
  ProfileIn,
  ProfileRanking,
  ScoreDetail,
  ScoreProfile,
} from "../api/types.ts";
import type { Weights } from "./ranking.ts";

/** The profile of which the scores come with the units. */
export const GENERAL = "general";

/** What fits side by side, and in a head. */
export const MOST_COMPARED = 4;

/** Units with the scores of another profile; a unit that the last refresh did not know has none. */
export function withRanking(points: Points, ranked: ProfileRanking): Points {
  const at = new Map(ranked.ids.map((id, i) => [id, i] as const));
  const pick = <T>(column: readonly T[], nothing: T): T[] =>
    points.ids.map((id) => {
      const i = at.get(id);
      return i === undefined ? nothing : column[i]!;
    });
  const scaled = Object.entries(ranked.scaled).map(([code, column]) => [code, pick(column, null)] as const);
  return {
    ...points,
    criteria: ranked.criteria,
    scaled: Object.fromEntries(scaled),
    score: pick(ranked.score, null),
    rank: pick(ranked.rank, null),
    rank_lower: pick(ranked.rank_lower, null),
    rank_upper: pick(ranked.rank_upper, null),
    is_out: pick(ranked.is_out, false),
  };
}

/** Units while their scores are still on the way: those of another profile would be taken for them. */
export function withoutScores(points: Points): Points {
  const nothing = points.ids.map(() => null);
  return {
    ...points,
    criteria: [],
    scaled: {},
    score: nothing,
    rank: nothing,
    rank_lower: nothing,
    rank_upper: nothing,
  };
}

/** A profile with the weights that somebody moved. */
export function withWeights(content: ProfileContent, weights: Weights | null): ProfileContent {
  if (!weights) return content;
  const criteria = content.criteria.map((criterion) => ({
    ...criterion,
    weight: weights[criterion.code] ?? criterion.weight,
  }));
  return { ...content, criteria };
}

/** A criterion as it joins a profile, with the settings that the registry starts from. */
export function freshCriterion({ code, direction, scale }: Indicator): ProfileCriterion {
  const known = direction === "less" ? "less" : "more";
  return {
    code,
    weight: 0.1,
    is_on: true,
    direction: known,
    scale: scale === "log" ? "log" : "linear",
    ideal: null,
    low: null,
    high: null,
  };
}

/** What is wrong with a profile that cannot be kept yet; null when nothing is. */
export function faultOf(content: ProfileContent): "weightless" | "ends" | "ideal" | "wish" | null {
  const on = content.criteria.filter(({ is_on }) => is_on);
  if (!on.some(({ weight }) => weight > 0)) return "weightless";
  if (on.some(({ low, high }) => low !== null && high !== null && low >= high)) return "ends";
  if (on.some(({ direction, ideal }) => direction === "ideal" && ideal === null)) return "ideal";
  const isEmpty = ({ low, high }: { low: number | null; high: number | null }) =>
    (low === null && high === null) || (low !== null && high !== null && low > high);
  return content.wishes.some(isEmpty) ? "wish" : null;
}

/** An explanation as the section about a score draws it. */
export function asDetail(told: ProfileExplanation, profile: string): ScoreDetail {
  return {
    profile,
    value: told.score,
    rank: told.rank,
    rank_lower: told.rank_lower,
    rank_upper: told.rank_upper,
    of: told.of,
    p_first: told.first_share,
    p_top5: told.top_share,
    missing: told.missing,
    components: told.components,
    run: { id: 0, code_version: "", ...told.run },
  };
}

/** The number that stands in a field; null for none. */
export function numberIn(event: Event): number | null {
  const { value } = event.target as HTMLInputElement;
  const found = value.trim() === "" ? Number.NaN : Number(value);
  return Number.isFinite(found) ? found : null;
}

/** A kept profile as it is written again, in the name of whoever does that. */
export function bodyOf(profile: ScoreProfile): ProfileIn {
  return {
    municipality: profile.nis_code!,
    name: profile.name,
    based_on: profile.based_on,
    content: profile.content,
    share_level: profile.share_level,
    made_by: ownName() || null,
  };
}

const BY = "kernkaart.profile.by";

/** The name under which this browser kept a profile before. */
export function ownName(): string {
  return localStorage.getItem(BY) ?? "";
}

export function keepOwnName(name: string): void {
  localStorage.setItem(BY, name);
}
