import { css, html, nothing, svg } from "lit";
import { customElement, property } from "lit/decorators.js";
import type { HistoryItem } from "../api/types.ts";
import { month } from "../text/format.ts";
import { t, tCode } from "../text/index.ts";
import { controls } from "../ui/controls.ts";
import { KkElement } from "../ui/element.ts";
import { isSure, timelineBars, yearTicks } from "./timeline-scale.ts";

const HEIGHT = 26;

/** Ten years of a shop unit: who traded there and when it stood empty; an uncertain start is drawn as uncertain. */
@customElement("kk-timeline")
export class KkTimeline extends KkElement {
  @property({ attribute: false }) history: readonly HistoryItem[] = [];
  @property({ attribute: false }) now = new Date();

  static override styles = [
    controls,
    css`
      svg {
        display: block;
        width: 100%;
        overflow: visible;
      }
      .axis {
        position: relative;
        height: 17px;
        margin-top: 2px;
        font-size: 12px;
        color: var(--ink-3);
      }
      .axis span {
        position: absolute;
        transform: translateX(-50%);
      }
      ol {
        margin-top: 10px;
        display: grid;
        gap: 7px;
      }
      li {
        display: grid;
        grid-template-columns: 12px 1fr;
        gap: 2px 8px;
        align-items: baseline;
        font-size: 14px;
        line-height: 1.35;
      }
      li i {
        width: 10px;
        height: 10px;
        border-radius: 2px;
        background: var(--occupied);
      }
      li.vacancy i {
        background: repeating-linear-gradient(45deg, #c4450f 0 3px, #e9a685 3px 5px);
        border-radius: 0;
        transform: rotate(45deg) scale(0.85);
      }
      li div span {
        color: var(--ink-3);
        font-size: 13px;
      }
    `,
  ];

  #period(item: HistoryItem): string {
    return `${this.#begin(item)} – ${item.to ? month(item.to) : t("history.now")}`;
  }

  #begin(item: HistoryItem): string {
    if (!item.from) return t("history.since_unknown");
    const latest = month(item.from);
    if (isSure(item)) return latest;
    if (!item.from_earliest) return t("history.at_latest", { latest });
    const earliest = month(item.from_earliest);
    return earliest === latest ? latest : t("history.between", { earliest, latest });
  }

  #what(item: HistoryItem): string {
    if (item.kind === "vacancy") return t("history.vacant");
    const name = item.occupant_name ?? t("history.unknown_occupant");
    return item.is_popup ? `${name} (${t("history.popup")})` : name;
  }

  #entry(item: HistoryItem) {
    const reasons = [
      item.cause && tCode("cause", item.cause),
      item.end_reason && tCode("end_reason", item.end_reason),
    ];
    const more = [item.branch_label, ...reasons].filter(Boolean).join(" · ");
    return html`<li class=${item.kind}>
      <i aria-hidden="true"></i>
      <div>${this.#what(item)}${more ? html` <span>${more}</span>` : nothing}<br /><span>${this.#period(item)}</span></div>
    </li>`;
  }

  protected override render() {
    if (this.history.length === 0) return html`<p class="small muted">${t("history.none")}</p>`;
    const bars = timelineBars(this.history, this.now);
    const ticks = yearTicks(this.now);
    const newestFirst = [...this.history].sort((a, b) => (b.from ?? "").localeCompare(a.from ?? ""));
    return html`<figure aria-hidden="true">
        <svg viewBox="0 0 1000 ${HEIGHT}" preserveAspectRatio="none" height=${HEIGHT}>
          <defs>
            <pattern id="hatch" width="12" height="12" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
              <rect width="12" height="12" fill="#f3c9b3" />
              <rect width="7" height="12" fill="#c4450f" />
            </pattern>
            <pattern id="maybe" width="10" height="6" patternUnits="userSpaceOnUse">
              <rect width="4" height="6" fill="#b9a79c" />
            </pattern>
          </defs>
          <rect width="1000" height=${HEIGHT} fill="#eef1f2" />
          ${ticks.map(({ at }) => svg`<rect x=${at * 1000} width="1.5" height=${HEIGHT} fill="#fff" />`)}
          ${bars.map(({ item, maybe, from, to }) => {
            const fill = item.kind === "vacancy" ? "url(#hatch)" : "#5a7d95";
            return svg`<rect x=${maybe * 1000} y="8" width=${Math.max(0, from - maybe) * 1000} height=${HEIGHT - 16} fill="url(#maybe)" />
              <rect x=${from * 1000} y="3" width=${Math.max(3, (to - from) * 1000 - 2)} height=${HEIGHT - 6} fill=${fill} />`;
          })}
        </svg>
        <div class="axis num">
          ${ticks
            .filter(({ at }, i) => i % 2 === 0 && at > 0.03 && at < 0.97)
            .map(({ year, at }) => html`<span style="left:${at * 100}%">${year}</span>`)}
        </div>
      </figure>
      <ol aria-label=${t("history.label")}>
        ${newestFirst.map((item) => this.#entry(item))}
      </ol>`;
  }
}
