import { css, html, nothing, svg } from "lit";
import { customElement, property } from "lit/decorators.js";
import type { ClusterProperties, VacantAt } from "../api/types.ts";
import { date, number } from "../text/format.ts";
import { labelOf, t, tCode } from "../text/index.ts";
import { controls } from "../ui/controls.ts";
import { KkElement } from "../ui/element.ts";
import { durationText, floorAreaText, persistenceText, riskText } from "./cluster-words.ts";

const WIDTH = 300;
const BASE = 46;

/** One cluster: what it is, whether it is more than chance, and how many of its units stood vacant through the years. */
@customElement("kk-cluster-card")
export class KkClusterCard extends KkElement {
  @property({ type: Number }) key = 0;
  @property({ attribute: false }) cluster: ClusterProperties | null = null;
  @property({ attribute: false }) series: readonly VacantAt[] = [];
  @property({ type: Boolean }) chosen = false;
  /** Its units can be listed: it is among those of today. */
  @property({ type: Boolean }) listed = false;

  static override styles = [
    controls,
    css`
      :host {
        display: block;
        padding: 12px;
        border: 1px solid var(--line);
        border-left: 4px solid var(--vacant);
        border-radius: var(--radius);
      }
      :host([chosen]) {
        background: var(--accent-weak);
      }
      :host([gone]) {
        border-left: 4px dashed var(--line-2);
      }
      header {
        display: flex;
        justify-content: space-between;
        align-items: baseline;
        gap: 8px;
      }
      h3 {
        font-size: 16px;
        overflow-wrap: anywhere;
      }
      .mark {
        flex: none;
        padding: 1px 8px;
        border: 1px solid var(--line-2);
        border-radius: 10px;
        background: var(--surface);
        font-size: 13px;
        font-weight: 600;
        white-space: nowrap;
      }
      .mark.new,
      .mark.growing,
      .mark.merged {
        border-color: var(--vacant);
        background: var(--vacant-weak);
        color: #8f2f06;
      }
      .figures {
        display: flex;
        flex-wrap: wrap;
        gap: 0 14px;
        margin: 2px 0 6px;
        font-weight: 600;
        font-size: 14.5px;
      }
      .figures span:nth-child(n + 2) {
        font-weight: 400;
      }
      p + p {
        margin-top: 4px;
      }
      figure {
        margin: 8px 0 2px;
      }
      svg {
        display: block;
        width: 100%;
        max-width: 340px;
        height: auto;
        overflow: visible;
      }
      text {
        font: 12px var(--font);
        fill: var(--ink-2);
      }
      .tools {
        display: flex;
        flex-wrap: wrap;
        gap: 4px;
        margin: 4px 0 -6px -8px;
      }
    `,
  ];

  #chart() {
    const { series } = this;
    if (series.length < 2) return nothing;
    const most = Math.max(1, ...series.map((point) => point.vacant));
    const step = WIDTH / series.length;
    const values = series.map(({ on, vacant }) => `${on.slice(0, 4)}: ${number(vacant)}`).join(", ");
    const every = Math.ceil(series.length / 8);
    return html`<figure>
      <figcaption class="small muted">${t("clusters.chart_title")}</figcaption>
      <svg viewBox="0 -14 ${WIDTH} 76" role="img" aria-label=${t("clusters.chart", { values })}>
        <line x1="0" x2=${WIDTH} y1=${BASE} y2=${BASE} stroke="#84919a" />
        ${series.map(({ on, vacant }, i) => {
          const height = (vacant / most) * (BASE - 4);
          const middle = i * step + step / 2;
          const isLast = i === series.length - 1;
          // A year told twice is the inventory of January and today.
          const year = isLast && series[i - 1]!.on.slice(0, 4) === on.slice(0, 4) ? "" : `’${on.slice(2, 4)}`;
          return svg`<rect x=${i * step + step * 0.16} y=${BASE - height} width=${step * 0.68} height=${height}
              fill=${isLast ? "#b8400e" : "#d98a66"} />
            <text x=${middle} y=${BASE - height - 3} text-anchor="middle">${vacant}</text>
            ${i % every === 0 ? svg`<text x=${middle} y=${BASE + 14} text-anchor="middle">${year}</text>` : nothing}`;
        })}
      </svg>
    </figure>`;
  }

  #mark() {
    const { is_dissolved: gone, change } = this.cluster!;
    const code = gone ? "dissolved" : change;
    return code ? html`<span class="mark ${code}">${tCode("cluster_change", code)}</span>` : nothing;
  }

  protected override render() {
    const { cluster, key } = this;
    if (!cluster) return nothing;
    const more = [floorAreaText(cluster), durationText(cluster), persistenceText(cluster)].filter(Boolean);
    return html`<header>
        <h3>${cluster.label}</h3>
        ${this.#mark()}
      </header>
      <p class="figures num">
        <span>${t("clusters.vacant", { vacant: number(cluster.vacant), units: number(cluster.units) })}</span>
        <span>${riskText(cluster)}</span>
        <span>${t("clusters.p", { p: number(cluster.p_value, 3) })}</span>
      </p>
      ${
        cluster.is_dissolved && cluster.last_on && cluster.gone_on
          ? html`<p class="small"><strong>${t("clusters.dissolved_since", {
              last: date(cluster.last_on),
              gone: date(cluster.gone_on),
            })}</strong></p>`
          : nothing
      }
      <p class="small">${labelOf(cluster, "sentence")}</p>
      <p class="small muted">${more.join(" ")}</p>
      ${this.#chart()}
      <div class="tools">
        <button class="quiet" aria-pressed=${this.chosen} @click=${() => this.emit("cluster-zoom", { id: key })}>
          ${t("clusters.zoom")}
        </button>
        ${
          this.listed
            ? html`<button class="quiet" @click=${() => this.emit("cluster-select", { id: key })}>${t("clusters.units")}</button>`
            : nothing
        }
      </div>`;
  }
}
