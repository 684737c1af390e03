import { css, html, nothing, type PropertyValues } from "lit";
import { customElement, property, query, state } from "lit/decorators.js";
import type { Points } from "../api/types.ts";
import { number, squareMetres } from "../text/format.ts";
import { t, tCode } from "../text/index.ts";
import { controls } from "../ui/controls.ts";
import { KkElement } from "../ui/element.ts";
import { windowOf } from "../ui/window-of.ts";
import { unitStyle } from "./unit-style.ts";
import { unitSymbol } from "./unit-symbol.ts";

export interface ListRanking {
  score: ArrayLike<number>;
  rank: ArrayLike<number>;
  missing: ArrayLike<number>;
}

const ROW_PX = 62;

/** The ranked shop units: only the rows in view exist, so that thousands scroll like ten. */
@customElement("kk-unit-list")
export class KkUnitList extends KkElement {
  @property({ attribute: false }) points: Points | null = null;
  @property({ attribute: false }) rows: readonly number[] = [];
  @property({ attribute: false }) ranking: ListRanking | null = null;
  @property({ attribute: false }) range: { lower: ArrayLike<number>; upper: ArrayLike<number> } | null = null;
  @property({ attribute: false }) selected: number | null = null;
  @property({ attribute: false }) hovered: number | null = null;
  @state() private top = 0;
  @state() private height = 600;
  @state() private active = 0;
  @query(".scroll") private scroller!: HTMLElement | null;
  #observer: ResizeObserver | null = null;

  static override styles = [
    controls,
    css`
      :host {
        display: block;
        min-height: 0;
        height: 100%;
      }
      .scroll {
        height: 100%;
        overflow-y: auto;
        overscroll-behavior: contain;
        position: relative;
      }
      .scroll:focus-visible {
        outline-offset: -2px;
      }
      .row {
        position: absolute;
        left: 0;
        right: 0;
        height: ${ROW_PX}px;
        display: grid;
        grid-template-columns: 46px 1fr auto;
        align-items: center;
        gap: 10px;
        padding: 0 14px 0 10px;
        border-bottom: 1px solid var(--line);
        cursor: pointer;
      }
      .row.hovered,
      .row:hover {
        background: var(--hover);
      }
      .row[aria-selected="true"] {
        background: var(--accent-weak);
        box-shadow: inset 3px 0 0 var(--accent);
      }
      .scroll:focus-visible .row.active {
        outline: 2px solid var(--accent);
        outline-offset: -2px;
      }
      .rank {
        text-align: right;
        line-height: 1.15;
      }
      .rank strong {
        font-size: 16px;
        font-weight: 600;
      }
      .rank span {
        display: block;
        font-size: 12px;
        color: var(--ink-3);
        white-space: nowrap;
      }
      .what {
        min-width: 0;
        line-height: 1.3;
      }
      .what > * {
        display: block;
        overflow: hidden;
        text-overflow: ellipsis;
        white-space: nowrap;
      }
      .what strong {
        font-weight: 600;
      }
      .what .line {
        display: flex;
        align-items: center;
        gap: 5px;
        font-size: 13.5px;
        color: var(--ink-2);
      }
      .what .line span {
        overflow: hidden;
        text-overflow: ellipsis;
      }
      .score {
        min-width: 52px;
        white-space: nowrap;
        text-align: right;
        font-size: 15px;
        font-weight: 600;
      }
      .bar {
        height: 4px;
        margin-top: 3px;
        border-radius: 2px;
        background: var(--line);
      }
      .bar i {
        display: block;
        height: 100%;
        border-radius: 2px;
        background: var(--accent);
      }
      .unsure .bar i {
        background: repeating-linear-gradient(90deg, var(--accent) 0 4px, #9cc3ca 4px 7px);
      }
    `,
  ];

  protected override firstUpdated(): void {
    this.#observer = new ResizeObserver(() => {
      this.height = this.scroller?.clientHeight || 600;
    });
    if (this.scroller) this.#observer.observe(this.scroller);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#observer?.disconnect();
  }

  protected override updated(changed: PropertyValues<this>): void {
    if (changed.has("rows") && changed.get("rows") && this.scroller && this.selected === null) {
      this.scroller.scrollTop = 0;
      this.active = 0;
    }
    if (changed.has("selected") && this.selected !== null) {
      const at = this.rows.indexOf(this.selected);
      if (at >= 0) this.#reveal(at);
    }
  }

  override focus(): void {
    this.scroller?.focus();
  }

  #reveal(at: number): void {
    this.active = at;
    const box = this.scroller;
    if (!box) return;
    if (at * ROW_PX < box.scrollTop) box.scrollTop = at * ROW_PX;
    const below = (at + 1) * ROW_PX - box.clientHeight;
    if (below > box.scrollTop) box.scrollTop = below;
  }

  #open(at: number): void {
    const index = this.rows[at];
    if (index === undefined || !this.points) return;
    this.active = at;
    this.emit("unit-select", { id: this.points.ids[index] });
  }

  #key(event: KeyboardEvent): void {
    const page = Math.max(1, Math.floor(this.height / ROW_PX) - 1);
    const steps: Record<string, number> = {
      ArrowDown: this.active + 1,
      ArrowUp: this.active - 1,
      PageDown: this.active + page,
      PageUp: this.active - page,
      Home: 0,
      End: this.rows.length - 1,
    };
    const to = steps[event.key];
    if (to !== undefined) {
      event.preventDefault();
      this.#reveal(Math.min(this.rows.length - 1, Math.max(0, to)));
      this.emit("unit-hover", { index: this.rows[this.active] ?? null });
    } else if (event.key === "Enter" || event.key === " ") {
      event.preventDefault();
      this.#open(this.active);
    }
  }

  #rankText(i: number): { rank: string; range: string | null } {
    const rank = this.ranking?.rank[i] ?? 0;
    if (!rank) return { rank: "–", range: null };
    const lower = this.range?.lower[i];
    const upper = this.range?.upper[i];
    const hasRange = lower && upper;
    return {
      rank: number(rank),
      range: hasRange ? (lower === upper ? `${lower}` : `${lower}–${upper}`) : null,
    };
  }

  #line(points: Points, i: number): string {
    const state = points.state[i]!;
    const area = points.floor_area_m2[i];
    const parts = [
      state === "occupied" ? points.name[i] || tCode("state", state) : tCode("state", state),
      state === "vacant" && points.vacancy_class[i] && tCode("vacancy_short", points.vacancy_class[i]),
      typeof area === "number" ? squareMetres(area) : t("list.area_unknown"),
      state === "vacant" && points.is_out?.[i] && t("list.out"),
    ];
    return parts.filter(Boolean).join(" · ");
  }

  #row(at: number) {
    const points = this.points!;
    const i = this.rows[at]!;
    const { rank, range } = this.#rankText(i);
    const score = this.ranking?.score[i] ?? Number.NaN;
    const missing = this.ranking?.missing[i] ?? 0;
    const hasScore = !Number.isNaN(score);
    return html`<div
      id="row-${at}"
      class="row ${i === this.hovered ? "hovered" : ""} ${at === this.active ? "active" : ""}"
      role="option"
      aria-selected=${i === this.selected}
      aria-posinset=${at + 1}
      aria-setsize=${this.rows.length}
      style="top:${at * ROW_PX}px"
      @click=${() => this.#open(at)}
      @pointerenter=${() => this.emit("unit-hover", { index: i })}
    >
      <div class="rank num">
        <span class="visually-hidden">${t("list.rank")}</span><strong>${rank}</strong>
        ${range ? html`<span>(${range})</span>` : nothing}
      </div>
      <div class="what">
        <strong>${points.address[i] ?? t("list.no_address")}</strong>
        <div class="line">${unitSymbol(unitStyle(points, i, "state", []), 14)}<span>${this.#line(points, i)}</span></div>
      </div>
      <div class="score num ${missing ? "unsure" : ""}" title=${missing ? t("list.missing", { count: missing }) : nothing}>
        ${
          hasScore
            ? html`<span class="visually-hidden">${t("list.score")}</span>${number(score)}${
                missing
                  ? html`<span class="visually-hidden">, ${t("list.missing", { count: missing })}</span>`
                  : nothing
              }
              <div class="bar"><i style="width:${Math.max(2, score)}%"></i></div>`
            : html`<span class="muted small">${t("list.no_score")}</span>`
        }
      </div>
    </div>`;
  }

  protected override render() {
    const { from, to } = windowOf(this.top, this.height, ROW_PX, this.rows.length, 6);
    const rows: number[] = [];
    for (let at = from; at < to; at += 1) rows.push(at);
    if (this.active < from && this.active < this.rows.length) rows.unshift(this.active);
    if (this.active >= to && this.active < this.rows.length) rows.push(this.active);
    return html`<div
      class="scroll"
      role="listbox"
      tabindex="0"
      aria-label=${t("list.label")}
      aria-activedescendant=${this.rows.length ? `row-${this.active}` : nothing}
      @scroll=${(event: Event) => {
        this.top = (event.target as HTMLElement).scrollTop;
      }}
      @keydown=${this.#key}
      @pointerleave=${() => this.emit("unit-hover", { index: null })}
    >
      <div role="presentation" style="height:${this.rows.length * ROW_PX}px"></div>
      ${this.points ? rows.map((at) => this.#row(at)) : nothing}
    </div>`;
  }
}
