import type { RiskReason } from "../api/types.ts";
import { number, percent } from "../text/format.ts";
import { t, tCode } from "../text/index.ts";

/** An odds ratio this near to one moves a chance by less than anybody would notice. */
const NOTICEABLE = 0.05;

/** The reasons that matter, the strongest first. */
export function strongest(reasons: readonly RiskReason[], most = 3): RiskReason[] {
  return reasons.filter(({ odds_ratio }) => Math.abs(Math.log(odds_ratio)) > NOTICEABLE).slice(0, most);
}

function feature({ feature: name, value }: RiskReason): string {
  if (name === "had_vacancy") return t(value ? "risk_feature.had_vacancy" : "risk_feature.no_vacancy");
  const label = tCode("risk_feature", name);
  if (name === "vacancy_around_share") {
    return typeof value === "number" ? `${label} (${percent(value, 0)})` : label;
  }
  const code = value === null ? null : String(value);
  const words = name === "size_band" ? tCode("lasting_size", code) : tCode(name, code);
  return `${label} (${words.toLowerCase()})`;
}

/** "Branche (mode) verhoogt de kans (× 1,6)". */
export function reasonText(reason: RiskReason): string {
  return t("risk.reason", {
    feature: feature(reason),
    effect: t(reason.odds_ratio > 1 ? "risk.raises" : "risk.lowers"),
    ratio: number(reason.odds_ratio, 1),
  });
}
