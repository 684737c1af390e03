import type { RoundBranch, RoundState, RoundStop } from "../api/types.ts";
import { shortDate } from "../text/format.ts";
import { labelOf, t, tCode } from "../text/index.ts";
import type { Said } from "./observing.ts";

export type Branches = ReadonlyMap<string, RoundBranch>;

export function branchLabel(branches: Branches, code: string | null): string {
  const branch = code ? branches.get(code) : undefined;
  return branch ? labelOf(branch) : (code ?? "").replaceAll("_", " ");
}

/** "Ingevuld · Bakkerij Jan · Bakkerij": what a state, a name and a branch say together. */
export function described(
  said: { state: RoundState | string; occupant_name: string | null; branch_code: string | null },
  branches: Branches,
): string {
  const parts = [t(`round.state.${said.state as RoundState}`)];
  if (said.state !== "vacant" && said.occupant_name) parts.push(said.occupant_name);
  if (said.state !== "vacant" && said.branch_code) parts.push(branchLabel(branches, said.branch_code));
  return parts.join(" · ");
}

/** Beside the state: since when, what was there before, when somebody last looked. */
export function knownOf(stop: RoundStop, branches: Branches): string[] {
  const facts = [];
  if (stop.state === "vacant" && stop.vacant_latest_on) {
    facts.push(t("round.since", { date: shortDate(stop.vacant_latest_on) }));
  }
  if (stop.state === "vacant" && stop.last_branch_code) {
    facts.push(t("round.before", { branch: branchLabel(branches, stop.last_branch_code) }));
  }
  if (stop.last_seen_on) facts.push(t("round.last_seen", { date: shortDate(stop.last_seen_on) }));
  return facts;
}

/** What somebody said of a unit, in a few words. */
export function saidText(said: Said, branches: Branches): string {
  if (said.status !== "occupied") return tCode("round_status", said.status);
  const more = [said.occupant_name, branchLabel(branches, said.branch_code ?? null)]
    .filter(Boolean)
    .join(" · ");
  return more || tCode("round_status", "occupied");
}

/** The big button: what it says when nothing has changed. */
export function sameText(state: RoundState): string {
  if (state === "vacant") return t("round.same_vacant");
  return state === "non_retail" ? t("round.same_non_retail") : t("round.same");
}

export function streetName(street: string): string {
  return street || t("round.street_unknown");
}

/** Branches whose label begins with or holds the letters, those that begin with them first. */
export function findBranches(branches: Branches, letters: string, most = 8): RoundBranch[] {
  const plain = (text: string) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
  const wanted = plain(letters.trim());
  if (!wanted) return [];
  const found = [...branches.values()].map((branch) => ({
    branch,
    at: plain(labelOf(branch)).indexOf(wanted),
  }));
  return found
    .filter(({ at }) => at >= 0)
    .sort(
      (a, b) => Math.min(a.at, 1) - Math.min(b.at, 1) || labelOf(a.branch).localeCompare(labelOf(b.branch)),
    )
    .slice(0, most)
    .map(({ branch }) => branch);
}
