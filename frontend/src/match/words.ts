import type { Requirement, RequirementIn, Standing, ToldWish, Wish, WishAnswer } from "../api/match.ts";
import { number, quantity } from "../text/format.ts";
import { labelOf, t, tCode } from "../text/index.ts";

/** Units beside the vacant ones, that may be left out. */
export const WITHOUT = ["temporary", "expected"] as const;

/** What is asked, such as "at least 60 m²". */
export function askedText(wish: Wish & { unit: string | null }): string {
  const { low, high, unit } = wish;
  if (unit === "yes_no") return quantity(1, unit);
  const amount = (value: number) => quantity(value, unit);
  if (low !== null && high !== null) return t("match.between", { low: amount(low), high: amount(high) });
  return low !== null ? t("match.least", { low: amount(low) }) : t("match.most", { high: amount(high ?? 0) });
}

/** A wish by its name; of neighbours with their branches and how far they count. */
export function wishName(wish: ToldWish): string {
  const name = labelOf(wish);
  if (!wish.branches.length) return name;
  const branches = wish.branches.map((code) => tCode("branch", code)).join(", ");
  return t("match.neighbours", { name, branches, metres: wish.reach_m });
}

/** What a unit has of it: of own branches nothing in the register is the best there is. */
export function hasText(wish: ToldWish, { value, verdict }: WishAnswer): string {
  if (value !== null) return quantity(Math.round(value * 10) / 10, wish.unit);
  return verdict === "unknown" ? t("unknown") : t("match.no_own");
}

/** Why a wish is not met, with both numbers. */
export function reasonText(wish: ToldWish, answer: WishAnswer): string {
  const values = { name: wishName(wish), has: hasText(wish, answer), asks: askedText(wish) };
  return t(answer.verdict === "unknown" ? "match.reason_unknown" : "match.reason_failed", values);
}

/** Where it stands, with the range that unknown values leave open. */
export function rankText({ rank, rank_best, rank_worst, may_fall_out }: Standing): string {
  if (rank === null) return "";
  const isOpen = rank_best !== null && rank_worst !== null && rank_best < rank_worst;
  const range = isOpen ? t("match.rank_range", { best: number(rank_best), worst: number(rank_worst) }) : "";
  return [range, may_fall_out ? t("match.may_fall_out") : ""].filter(Boolean).join(", ");
}

/** How many wishes it meets, in words. */
export function metText({ soft, soft_met, unknown }: { soft: number; soft_met: number; unknown: number }) {
  const met = soft ? t("match.soft_met", { met: number(soft_met), of: number(soft) }) : t("match.no_soft");
  return unknown
    ? `${met} · ${t(unknown === 1 ? "match.one_unknown" : "match.n_unknown", { n: number(unknown) })}`
    : met;
}

/** A kept profile as it is written again. */
export function bodyOf(profile: Requirement): RequirementIn {
  const { name, prospect_name, branch_code, case_id, case_title, score_profile, content } = profile;
  return {
    municipality: profile.nis_code,
    name,
    prospect_name,
    branch_code,
    // A case that was removed since cannot be tied to again.
    case_id: case_title === null ? null : case_id,
    score_profile,
    content,
  };
}

/** A wish as it starts. */
export function freshWish(code: string, kind: "range" | "yes" | "branches"): Wish {
  const isMost = code.startsWith("rent_");
  const low =
    kind === "yes" ? 1 : kind === "branches" ? null : isMost ? null : code === "passage_class" ? 4 : 0;
  return { code, low, high: isMost ? 0 : null, branches: [], reach_m: 100, is_hard: kind !== "branches" };
}
