import { css, html, nothing } from "lit";
import { customElement, property } from "lit/decorators.js";
import type { ScoreComponent, ScoreDetail } from "../api/types.ts";
import { date, number, percent, quantity, shortDate } from "../text/format.ts";
import { t } from "../text/index.ts";
import { controls } from "../ui/controls.ts";
import { KkElement } from "../ui/element.ts";
import { icon } from "../ui/icons.ts";
import { type OwnScore, rangeText, weighComponents } from "./components.ts";
import type { Weights } from "./ranking.ts";

/** Why a shop unit has its score: every component with its value, weight, part and source. */
@customElement("kk-score-section")
export class KkScoreSection extends KkElement {
  @property({ attribute: false }) detail: ScoreDetail | null = null;
  /** Weights of the user's own, or null for the profile's. */
  @property({ attribute: false }) weights: Weights | null = null;
  @property({ attribute: false }) own: OwnScore | null = null;

  static override styles = [
    controls,
    css`
      :host {
        display: grid;
        gap: 12px;
      }
      .head {
        display: flex;
        align-items: center;
        gap: 14px;
      }
      .big {
        white-space: nowrap;
        font-size: 34px;
        font-weight: 600;
        line-height: 1;
        letter-spacing: -0.01em;
      }
      .big small {
        font-size: 14px;
        font-weight: 400;
        color: var(--ink-3);
        letter-spacing: 0;
      }
      .rank {
        line-height: 1.3;
      }
      .components {
        display: grid;
        gap: 11px;
      }
      .top {
        display: flex;
        justify-content: space-between;
        gap: 10px;
        font-size: 14.5px;
      }
      .top strong {
        font-weight: 600;
      }
      .track {
        position: relative;
        height: 9px;
        margin: 3px 0 3px;
        border-radius: 2px;
        background: #e6ebed;
      }
      .possible {
        position: absolute;
        inset: 0 auto 0 0;
        border-radius: 2px;
        background: #c8d8dc;
      }
      .gained {
        position: absolute;
        inset: 0 auto 0 0;
        border-radius: 2px;
        background: var(--accent);
      }
      .missing .track {
        background: repeating-linear-gradient(45deg, #e6ebed 0 5px, #f6f8f8 5px 10px);
      }
      .source {
        color: var(--ink-3);
        font-size: 13px;
        line-height: 1.35;
      }
      .note {
        display: flex;
        gap: 6px;
        padding: 8px 10px;
        border-radius: var(--radius);
        background: var(--warn-ground);
        color: var(--warn-ink);
      }
    `,
  ];

  #value(component: ScoreComponent): string {
    if (component.value === null) return t("score.missing");
    const value = quantity(component.value, component.unit);
    if (component.lower === null || component.upper === null) return value;
    return `${value} (${quantity(component.lower, null)}–${quantity(component.upper, null)})`;
  }

  #component(component: ScoreComponent, share: number, widest: number) {
    const isMissing = component.scaled === null;
    const gained = component.contribution ?? 0;
    const origin = [component.source, component.observed_on ? shortDate(component.observed_on) : null];
    return html`<li class=${isMissing ? "missing" : ""}>
      <div class="top">
        <span>${component.label}</span>
        <strong class="num">${isMissing ? "–" : t("score.points", { points: number(gained, 1) })}</strong>
      </div>
      <div class="track" aria-hidden="true">
        ${
          isMissing
            ? nothing
            : html`<i class="possible" style="width:${(share * 100 * 100) / widest}%"></i
              ><i class="gained" style="width:${(gained * 100) / widest}%"></i>`
        }
      </div>
      <p class="source">
        <span class="num">${this.#value(component)}</span> ·
        ${
          isMissing
            ? t("score.not_counted")
            : t("score.of_weight", { scaled: number(component.scaled!), share: percent(share, 0) })
        }
        <br />${origin.filter(Boolean).join(", ")}${component.note ? html`<br />${component.note}` : nothing}
      </p>
    </li>`;
  }

  protected override render() {
    const { detail } = this;
    if (!detail || detail.value === null) {
      return html`<p class="small muted">${t("score.none")}</p>`;
    }
    const weighed = weighComponents(detail.components, this.weights);
    const widest = Math.max(...weighed.map(({ share }) => share * 100), 1);
    const shown = this.own ?? detail;
    const range = rangeText(shown.rank_lower, shown.rank_upper);
    const missing = weighed
      .filter(({ component }) => component.scaled === null)
      .map(({ component }) => component.label);
    return html`<div class="head">
        <div class="big num">${number(shown.value ?? 0)}<small> / 100</small></div>
        <div class="rank">
          ${
            shown.rank
              ? html`<strong class="num"
                  >${t(shown.rank === 1 ? "score.rank_first" : "score.rank", {
                    rank: number(shown.rank),
                    of: number(shown.of ?? 0),
                  })}</strong
                >
                <div class="small muted">${range ? t("score.range", { range }) : t("score.range_pending")}${
                  !this.weights && detail.p_top5 !== null
                    ? `; ${t("score.chance_top5", { share: percent(detail.p_top5, 0) })}`
                    : nothing
                }</div>`
              : html`<div class="small muted">${t("score.not_ranked")}</div>`
          }
          ${this.weights ? html`<span class="badge accent">${t("weights.own")}</span>` : nothing}
        </div>
      </div>
      ${
        missing.length
          ? html`<p class="note small">${icon("alert", 16)} ${t("score.missing_named", { names: missing.join(", ") })}</p>`
          : nothing
      }
      <ul class="components" aria-label=${t("score.components")}>
        ${weighed.map(({ component, share }) => this.#component(component, share, widest))}
      </ul>
      <p class="source">
        ${t("score.explain")}
        ${
          detail.run?.finished_at
            ? t("score.run", { date: date(detail.run.finished_at), version: String(detail.run.data_version) })
            : nothing
        }
      </p>`;
  }
}
