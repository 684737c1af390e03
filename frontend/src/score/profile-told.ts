import { html, nothing } from "lit";
import type { ProfileRanking, ScoreProfile } from "../api/types.ts";
import { number, shortDate } from "../text/format.ts";
import { t } from "../text/index.ts";

/** How many units fall out, and whether the second method agrees. */
export function outcome(ranked: ProfileRanking) {
  const { out } = ranked;
  const unscored = ranked.candidates - ranked.ranked - out;
  const agreement = ranked.topsis_agreement;
  return html`<p class="small">
    ${t("profile.outcome", { ranked: number(ranked.ranked), of: number(ranked.candidates) })}
    ${out > 0 ? t("profile.outcome_out", { out: number(out) }) : nothing}
    ${unscored > 0 ? t("profile.outcome_unscored", { unscored: number(unscored) }) : nothing}
    ${
      agreement === null
        ? nothing
        : t(
            agreement >= 0.8
              ? "profile.agrees"
              : agreement >= 0.5
                ? "profile.agrees_mostly"
                : "profile.disagrees",
          )
    }
  </p>`;
}

/** All versions, the newest first, each but the present one with a way to put it back. */
export function versionList(
  current: ScoreProfile,
  versions: readonly ScoreProfile[],
  putBack: (version: ScoreProfile) => void,
) {
  return html`<ul class="versions small" aria-label=${t("profile.versions")}>
    ${versions.map(
      (each) => html`<li>
        <span
          >${t("profile.version", { version: number(each.version ?? 1) })} ·
          ${[each.made_at ? shortDate(each.made_at) : null, each.made_by].filter(Boolean).join(", ")}${
            each.is_removed ? html` · ${t("profile.was_removed")}` : nothing
          }</span
        >
        ${
          each.version === current.version || each.is_removed
            ? nothing
            : html`<button class="quiet" @click=${() => putBack(each)}>${t("profile.version_back")}</button>`
        }
      </li>`,
    )}
  </ul>`;
}
