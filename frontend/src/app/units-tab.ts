import { css, html, nothing } from "lit";
import { customElement, property, query, state } from "lit/decorators.js";
import type { UnitState } from "../api/types.ts";
import { filterQuery } from "../places/filter.ts";
import type { KkFilterBar } from "../places/filter-bar.ts";
import { SORTS, type Sort } from "../places/sort.ts";
import type { KkUnitList } from "../places/unit-list.ts";
import { GENERAL } from "../score/profile.ts";
import { number } from "../text/format.ts";
import { t, tCode } from "../text/index.ts";
import { controls } from "../ui/controls.ts";
import { KkElement } from "../ui/element.ts";
import { latest, ready } from "../ui/loadable.ts";
import type { Session } from "./session.ts";

/** Search, filters, the ranked list, and what to do with it. */
@customElement("kk-units-tab")
export class KkUnitsTab extends KkElement {
  @property({ attribute: false }) session!: Session;
  @property({ type: Number }) turn = 0;
  @state() private filtersOpen = false;
  @state() private isNarrow = false;
  @query("kk-filter-bar") private bar!: KkFilterBar | null;
  @query("kk-unit-list") private list!: KkUnitList | null;
  readonly #width = matchMedia("(max-width: 899px)");

  static override styles = [
    controls,
    css`
      :host {
        flex: 1;
        min-height: 0;
        display: flex;
        flex-direction: column;
      }
      .filters {
        flex: none;
        padding: 12px 14px 10px;
      }
      .count {
        flex: none;
        display: flex;
        align-items: center;
        justify-content: space-between;
        gap: 8px;
        min-height: 40px;
        padding: 2px 14px;
        border-bottom: 1px solid var(--line);
        background: var(--ground);
        border-top: 1px solid var(--line);
      }
      .count strong {
        font-weight: 600;
      }
      .count select {
        min-height: 30px;
        border: 0;
        background: none;
        font-size: 14px;
        text-align: right;
        cursor: pointer;
      }
      .list {
        flex: 1;
        min-height: 0;
      }
      .foot {
        flex: none;
        padding: 8px 14px;
        border-top: 1px solid var(--line);
      }
      kk-filter-panel {
        flex: 1;
        min-height: 0;
      }
      .note {
        flex: none;
        padding: 7px 14px;
        background: var(--warn-ground);
        color: var(--warn-ink);
      }
      @media (max-width: 899px) {
        .filters {
          padding: 8px 14px;
        }
      }
      @media (max-height: 480px) {
        .list {
          flex: none;
          height: 300px;
        }
      }
    `,
  ];

  readonly #onWidth = (): void => {
    this.isNarrow = this.#width.matches;
  };

  override connectedCallback(): void {
    super.connectedCallback();
    this.#onWidth();
    this.#width.addEventListener("change", this.#onWidth);
    this.addEventListener("filter-panel-toggle", () => {
      if (!this.closeFilters()) this.filtersOpen = true;
    });
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#width.removeEventListener("change", this.#onWidth);
  }

  async focusSearch(): Promise<void> {
    await this.bar?.updateComplete;
    this.bar?.focusSearch();
  }

  focusList(): void {
    this.list?.focus();
  }

  /** Close the filters; answers whether they were open. */
  closeFilters(): boolean {
    const wasOpen = this.filtersOpen;
    this.filtersOpen = false;
    if (wasOpen) this.bar?.focusFilters();
    return wasOpen;
  }

  #clusterNames = latest(
    (clusters: Session["loaded"]["clusters"]) =>
      new Map(ready(clusters)?.features.map(({ id, properties }) => [id, properties.label] as const) ?? []),
  );

  #counts = latest((states: readonly UnitState[] | null) => {
    const counts: Partial<Record<UnitState, number>> = {};
    for (const unitState of states ?? []) counts[unitState] = (counts[unitState] ?? 0) + 1;
    return counts;
  });

  #note() {
    const municipality = ready(this.session.loaded.municipality);
    if (!municipality || municipality.counts.shop_units === 0) return nothing;
    if (municipality.refreshed_at && !municipality.is_stale) return nothing;
    return html`<p class="note small">
      ${t(municipality.refreshed_at ? "stale" : "unrefreshed")} <code>./kernkaart refresh</code>
    </p>`;
  }

  #export() {
    const { view, filtered, sorted, points, profiles } = this.session;
    return html`<kk-export-menu
      .units=${sorted.map((i) => points?.ids[i] ?? 0)}
      .profile=${view.weights || profiles.draft ? "" : view.profile}
      ?compact=${this.isNarrow}
      .query=${{ municipality: view.municipality, ...filterQuery(view.filters) }}
      .count=${filtered.length}
      .ownWeights=${view.weights !== null}
    ></kk-export-menu>`;
  }

  /** What the list is ranked for; one's own has no name here, for a list of names would have to be asked for it. */
  #profile(): string {
    const { profile } = this.session.view;
    const isOwn = this.session.profiles.draft !== null || profile.includes("-");
    return isOwn ? t("list.own_profile") : tCode("score_profile", profile);
  }

  #rows() {
    const { session } = this;
    const { points: loadable } = session.loaded;
    if (loadable.status === "error") return html`<kk-error .error=${loadable.error}></kk-error>`;
    if (loadable.status !== "ready") {
      return html`<kk-skeleton-rows count="9"></kk-skeleton-rows>`;
    }
    if (session.profiles.ranked.status === "error")
      return html`<kk-error .error=${session.profiles.ranked.error}></kk-error>`;
    if (session.profiles.ranked.status === "loading")
      return html`<kk-skeleton-rows count="9"></kk-skeleton-rows>`;
    if (loadable.value.ids.length === 0) {
      return html`<kk-empty .heading=${t("list.none")} .text=${t("list.none_hint")}></kk-empty>`;
    }
    const rows = session.sorted;
    if (rows.length === 0) {
      return html`<kk-empty .heading=${t("list.nothing_found")} .text=${t("list.nothing_found_hint")}>
        <button class="button" @click=${() => this.emit("filters-clear")}>${t("filter.clear")}</button>
      </kk-empty>`;
    }
    return html`<kk-unit-list
      .points=${session.points}
      .rows=${rows}
      .ranking=${session.ranking}
      .range=${session.rankRange}
      .selected=${session.selectedIndex}
      .hovered=${session.hovered}
    ></kk-unit-list>`;
  }

  protected override render() {
    const { session } = this;
    const { view } = session;
    const municipality = ready(session.loaded.municipality);
    const total = session.points?.ids.length ?? 0;
    const shown = session.filtered.length;
    const clusterNames = this.#clusterNames(session.loaded.clusters);
    const cores = municipality?.cores ?? [];
    return html`${this.#note()}
      <div class="filters">
        <kk-filter-bar
          .filters=${view.filters}
          .cores=${cores}
          .clusterNames=${clusterNames}
          .counts=${this.#counts(session.points?.state ?? null)}
          .open=${this.filtersOpen}
        ></kk-filter-bar>
      </div>
      <div class="count">
        <span class="num" role="status"
          >${
            session.points
              ? html`<strong>${number(shown)}</strong> ${t("list.of", { total: number(total) })}`
              : session.loaded.points.status === "error"
                ? nothing
                : t("loading")
          }
          ${view.profile === GENERAL && !session.profiles.draft ? nothing : html`<span class="badge accent">${this.#profile()}</span>`}
          ${view.weights ? html`<span class="badge accent">${t("weights.own")}</span>` : nothing}</span
        >
        <select
          aria-label=${t("list.sort")}
          @change=${(event: Event) => this.emit("sort-select", { sort: (event.target as HTMLSelectElement).value as Sort })}
        >
          ${SORTS.map(
            (sort) =>
              html`<option value=${sort} .selected=${sort === view.sort}>${t(`sort.${sort}`)}</option>`,
          )}
        </select>
        ${this.isNarrow ? this.#export() : nothing}
      </div>
      ${
        this.filtersOpen
          ? html`<kk-filter-panel
            .filters=${view.filters}
            .cores=${cores}
            .clusterNames=${clusterNames}
            .shown=${shown}
            .total=${total}
            .dropped=${session.dropped}
          ></kk-filter-panel>`
          : html`<div class="list">${this.#rows()}</div>
            ${this.isNarrow ? nothing : html`<div class="foot">${this.#export()}</div>`}`
      }`;
  }
}
