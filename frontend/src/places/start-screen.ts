import { css, html, nothing } from "lit";
import { customElement, property } from "lit/decorators.js";
import type { Municipality } from "../api/types.ts";
import { collator, number, percent } from "../text/format.ts";
import { labelOf, t } from "../text/index.ts";
import { controls } from "../ui/controls.ts";
import { KkElement } from "../ui/element.ts";
import { IDLE, type Loadable } from "../ui/loadable.ts";

// The bars end at a fifth, unless a town has more: a bar filled to its end should look like much.
const LEAST_FULL_SHARE = 0.2;

/** Choose a municipality: one row each, with what is known of it. */
@customElement("kk-start")
export class KkStart extends KkElement {
  @property({ attribute: false }) municipalities: Loadable<{ items: Municipality[] }> = IDLE;

  static override styles = [
    controls,
    css`
      :host {
        display: block;
        height: 100%;
        overflow-y: auto;
        background: var(--ground);
      }
      .page {
        max-width: 900px;
        margin: 0 auto;
        padding: clamp(20px, 5vh, 56px) 20px 40px;
      }
      h1 {
        font-size: clamp(26px, 4vw, 36px);
        font-weight: 650;
        line-height: 1.15;
        letter-spacing: -0.015em;
        text-wrap: balance;
      }
      h1:focus {
        outline: none;
      }
      .lead {
        max-width: 56ch;
        margin: 8px 0 26px;
        font-size: 17px;
        color: var(--ink-2);
      }
      .list {
        border: 1px solid var(--line);
        border-radius: 8px;
        background: var(--surface);
        overflow: hidden;
      }
      .item {
        display: grid;
        grid-template-columns: minmax(150px, 1.2fr) minmax(140px, 1fr) minmax(180px, 1.2fr) 20px;
        gap: 4px 20px;
        align-items: center;
        width: 100%;
        padding: 13px 18px;
        border: 0;
        border-bottom: 1px solid var(--line);
        background: none;
        text-align: left;
        color: var(--ink);
        text-decoration: none;
      }
      li:last-child .item {
        border-bottom: 0;
      }
      .item:hover {
        background: var(--hover);
      }
      .item:focus-visible {
        outline-offset: -3px;
      }
      .name {
        font-size: 18px;
        font-weight: 600;
      }
      .rate {
        display: grid;
        grid-template-columns: 64px 1fr;
        gap: 0 10px;
        align-items: center;
      }
      .rate strong {
        font-size: 18px;
        font-weight: 600;
        text-align: right;
      }
      .track {
        height: 8px;
        border-radius: 2px;
        background: #e6ebed;
      }
      .track i {
        display: block;
        height: 100%;
        border-radius: 2px;
        background: var(--vacant);
      }
      .rate .small {
        grid-column: 2;
      }
      .arrow {
        color: var(--accent);
        font-size: 20px;
      }
      .marks {
        display: flex;
        flex-wrap: wrap;
        gap: 6px;
        margin-top: 2px;
      }
      .wait {
        height: 68px;
        margin: 1px 0;
        border-radius: 0;
      }
      @media (max-width: 640px) {
        .item {
          grid-template-columns: 1fr 1fr;
          padding: 12px 14px;
        }
        .arrow {
          display: none;
        }
        .name-cell {
          grid-column: 1 / -1;
        }
      }
    `,
  ];

  #item(item: Municipality, highest: number) {
    const { shop_units: units } = item.counts;
    const { rate, numerator: vacant } = item.vacancy;
    return html`<li>
      <a
        class="item"
        href="#m=${item.nis_code}"
        @click=${(event: MouseEvent) => {
          if (event.ctrlKey || event.metaKey || event.shiftKey) return;
          event.preventDefault();
          this.emit("municipality-select", { nis: item.nis_code });
        }}
      >
        <div class="name-cell">
          <div class="name">${labelOf(item, "name")}</div>
          <div class="marks">
            ${item.is_demo ? html`<span class="badge warn">${t("demo.badge")}</span>` : nothing}
            ${item.refreshed_at ? nothing : html`<span class="badge">${t("start.not_refreshed")}</span>`}
          </div>
        </div>
        <div class="small muted num">
          ${item.population === null ? nothing : html`${t("start.inhabitants", { count: number(item.population) })}<br />`}
          ${t("start.units", { count: number(units) })}
        </div>
        <div class="rate">
          <strong class="num">${rate === null ? "–" : percent(rate)}</strong>
          <div class="track" aria-hidden="true"><i style="width:${rate && highest ? (rate / highest) * 100 : 0}%"></i></div>
          <span class="small muted num">${t("start.vacant", { count: number(vacant), of: number(item.vacancy.denominator) })}</span>
        </div>
        <span class="arrow" aria-hidden="true">→</span>
      </a>
    </li>`;
  }

  #list() {
    const { municipalities } = this;
    if (municipalities.status === "error") return html`<kk-error .error=${municipalities.error}></kk-error>`;
    if (municipalities.status !== "ready") {
      return html`<div class="list" role="status" aria-label=${t("loading")}>
        ${Array.from({ length: 7 }, () => html`<div class="skeleton wait"></div>`)}
      </div>`;
    }
    const { items } = municipalities.value;
    if (items.length === 0) {
      return html`<div class="list"><kk-empty .heading=${t("start.empty")} .text=${t("start.empty_hint")}></kk-empty></div>`;
    }
    const compare = collator();
    const sorted = [...items].sort((a, b) => compare.compare(labelOf(a, "name"), labelOf(b, "name")));
    const highest = Math.max(LEAST_FULL_SHARE, ...items.map(({ vacancy }) => vacancy.rate ?? 0));
    return html`<ul class="list" aria-label=${t("start.list")}>
      ${sorted.map((item) => this.#item(item, highest))}
    </ul>`;
  }

  protected override render() {
    return html`<div class="page">
      <h1 tabindex="-1">${t("start.title")}</h1>
      <p class="lead">${t("start.lead")}</p>
      <slot></slot>
      ${this.#list()}
    </div>`;
  }
}
