import { css, html, nothing, type PropertyValues } from "lit";
import { customElement, property } from "lit/decorators.js";
import { profilesApi } from "../api/profiles.ts";
import type { ProfileContent, ProfileExplanation } from "../api/types.ts";
import { number, percent, quantity } from "../text/format.ts";
import { labelOf, language, t } from "../text/index.ts";
import { Asked } from "../ui/asked.ts";
import { controls } from "../ui/controls.ts";
import { KkElement } from "../ui/element.ts";
import { icon } from "../ui/icons.ts";
import type { OwnScore } from "./components.ts";
import { asDetail } from "./profile.ts";
import { wishText } from "./profile-wishes.ts";
import type { Weights } from "./ranking.ts";

/** Why one unit has its score for a profile: hard wishes first, then the components, and how firm its rank is. */
@customElement("kk-profile-score")
export class KkProfileScore extends KkElement {
  @property() municipality = "";
  @property() profile = "";
  @property({ attribute: false }) draft: ProfileContent | null = null;
  @property({ type: Number }) unit = 0;
  @property() language = "";
  @property({ attribute: false }) weights: Weights | null = null;
  @property({ attribute: false }) own: OwnScore | null = null;
  readonly #told = new Asked(this, (signal) => {
    const { municipality: nis, profile, draft, unit } = this;
    if (!nis || !unit) return null;
    return draft
      ? profilesApi.contentUnit(nis, draft, unit, language(), signal)
      : profilesApi.profileUnit(nis, profile, unit, language(), signal);
  });

  static override styles = [
    controls,
    css`
      :host {
        display: grid;
        gap: 12px;
      }
      .wishes {
        display: grid;
        gap: 4px;
      }
      .wishes li {
        display: flex;
        gap: 8px;
        align-items: start;
        padding: 6px 10px;
        border-radius: var(--radius);
        background: var(--ground);
      }
      .wishes .failed {
        background: var(--bad-ground);
        color: var(--bad-ink);
      }
      .wishes .unknown {
        background: var(--warn-ground);
        color: var(--warn-ink);
      }
      .firm {
        display: grid;
        gap: 2px;
      }
    `,
  ];

  protected override willUpdate(changed: PropertyValues): void {
    const isAnother = ["municipality", "unit", "profile"].some((name) => changed.has(name));
    if (isAnother) void this.#told.anew();
    else if (changed.has("draft") || changed.has("language")) void this.#told.again();
  }

  #wishes(wishes: ProfileExplanation["wishes"]) {
    const value = (wish: ProfileExplanation["wishes"][number]) =>
      wish.value === null ? t("unknown") : quantity(wish.value, wish.unit);
    return html`<ul class="wishes small" aria-label=${t("profile.wishes")}>
      ${wishes.map(
        (wish) => html`<li class=${wish.verdict}>
          ${icon(wish.verdict === "met" ? "check" : "alert", 16)}
          <span
            >${t(`profile.${wish.verdict}`)}: ${wishText(wish, labelOf(wish))}; ${t("profile.has", { value: value(wish) })}</span
          >
        </li>`,
      )}
    </ul>`;
  }

  /** How firm the rank is: how often it is first, the other method, and the criterion it hangs on most. */
  #firm(told: ProfileExplanation) {
    const { rank, topsis_rank: second, first_share: first } = told;
    if (rank === null) return nothing;
    const swings = told.components
      .filter((each) => each.rank_without !== null && each.rank_without !== rank)
      .sort((a, b) => Math.abs(b.rank_without! - rank) - Math.abs(a.rank_without! - rank));
    const swing = swings[0];
    return html`<div class="firm small muted">
      ${first === null ? nothing : html`<p>${t("profile.first_share", { share: percent(first, 0) })}</p>`}
      ${second === null ? nothing : html`<p>${t("profile.second", { rank: number(second) })}</p>`}
      ${
        swing
          ? html`<p>${t("profile.without", { name: swing.label, rank: number(swing.rank_without!) })}</p>`
          : nothing
      }
    </div>`;
  }

  protected override render() {
    return this.#told.draw(
      (told) => html`${told.wishes.length ? this.#wishes(told.wishes) : nothing}
        <kk-score-section .detail=${asDetail(told, this.profile)} .weights=${this.weights} .own=${this.own}></kk-score-section>
        ${this.weights ? nothing : this.#firm(told)}`,
    );
  }
}
