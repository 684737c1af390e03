import { html, nothing } from "lit";
import type { JoinedUnits, OfferedUnit, Standing, ToldWish, WishAnswer } from "../api/match.ts";
import { date, number, quantity, squareMetres } from "../text/format.ts";
import { t, tCode } from "../text/index.ts";
import { askedText, metText, rankText, reasonText, wishName } from "./words.ts";

/** The rank as a badge; a unit that is out has none. */
export function rankBadge({ rank, verdict }: Standing) {
  const text = rank === null ? "–" : number(rank);
  return html`<span class="rank num ${verdict}" aria-hidden="true">${text}</span>
    <span class="visually-hidden">${rank === null ? t("match.out_short") : t("match.rank", { rank: text })}</span>`;
}

/** Wishes that are failed or not known, each with both numbers; soft ones say so. */
export function reasons(wishes: readonly ToldWish[], answers: readonly WishAnswer[]) {
  const open = wishes.flatMap((wish, i) => {
    const answer = answers[i]!;
    return answer.verdict === "met" ? [] : [{ wish, answer }];
  });
  if (!open.length) return nothing;
  return html`<ul class="reasons">
    ${open.map(
      ({ wish, answer }) => html`<li class=${answer.verdict === "failed" && wish.is_hard ? "failed" : ""}>
        ${reasonText(wish, answer)}${wish.is_hard ? nothing : html` <span class="muted">(${t("match.soft")})</span>`}
      </li>`,
    )}
  </ul>`;
}

/** What is asked, as a list of sentences: hard wishes first. */
export function askedList(wishes: readonly ToldWish[]) {
  const sorted = [...wishes].sort((a, b) => Number(b.is_hard) - Number(a.is_hard));
  return html`<ul class="wishes">
    ${sorted.map(
      (wish) => html`<li>
        ${wishName(wish)}: <strong>${askedText(wish)}</strong>
        <span class="muted small">${wish.is_hard ? t("match.hard") : t("match.soft")}</span>
      </li>`,
    )}
  </ul>`;
}

/** How a unit is offered, how large it is and where it lies. */
export function offerText(unit: OfferedUnit): string {
  const offer = unit.offer ? tCode("match_offer", unit.offer) : "";
  const when = unit.expected_on ? t("match.from", { day: date(unit.expected_on) }) : "";
  const area = unit.floor_area_m2 === null ? t("match.area_unknown") : squareMetres(unit.floor_area_m2);
  return [[offer, when].filter(Boolean).join(" "), area, unit.core].filter(Boolean).join(" · ");
}

/** What it meets, its range of ranks and its score. */
export function standingText(item: Standing): string {
  const score = item.score === null ? "" : t("match.score", { score: number(item.score) });
  return [item.verdict === "out" ? "" : metText(item), rankText(item), score].filter(Boolean).join(" · ");
}

/** What units make together. */
export function togetherText({ floor_area_m2, frontage_m, rent_eur_per_month }: JoinedUnits): string {
  return [
    floor_area_m2 === null ? null : squareMetres(floor_area_m2),
    frontage_m === null ? null : t("match.front", { metres: quantity(frontage_m, "m") }),
    rent_eur_per_month === null ? null : quantity(rent_eur_per_month, "eur_per_month"),
  ]
    .filter(Boolean)
    .join(" · ");
}
