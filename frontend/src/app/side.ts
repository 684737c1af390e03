import { css, html, nothing } from "lit";
import { customElement, property, query, state } from "lit/decorators.js";
import type { UnitState } from "../api/types.ts";
import { filterQuery } from "../places/filter.ts";
import type { KkFilterBar } from "../places/filter-bar.ts";
import { SORTS, type Sort } from "../places/sort.ts";
import { number } from "../text/format.ts";
import { t } from "../text/index.ts";
import { controls } from "../ui/controls.ts";
import { KkElement } from "../ui/element.ts";
import { latest, ready } from "../ui/loadable.ts";
import type { Session } from "./session.ts";
import { TABS, type Tab } from "./view.ts";

/** The column beside the map: the list of shop units, the weights, the vacancy figures. */
@customElement("kk-side")
export class KkSide extends KkElement {
  @property({ attribute: false }) session!: Session;
  /** Counts up whenever the session changed, so that this is drawn again. */
  @property({ type: Number }) turn = 0;
  @state() private filtersOpen = false;
  @query("kk-filter-bar") private bar!: KkFilterBar | null;

  static override styles = [
    controls,
    css`
      :host {
        display: flex;
        flex-direction: column;
        min-height: 0;
        height: 100%;
        background: var(--surface);
      }
      .tabs {
        display: flex;
        flex: none;
        padding: 0 8px;
        border-bottom: 1px solid var(--line);
      }
      .tabs button {
        min-height: 42px;
        padding: 0 12px;
        border: 0;
        border-bottom: 2px solid transparent;
        background: none;
        color: var(--ink-2);
        font-weight: 500;
      }
      .tabs button:hover {
        color: var(--ink);
      }
      .tabs button[aria-selected="true"] {
        border-bottom-color: var(--accent);
        color: var(--accent);
        font-weight: 600;
      }
      .panel {
        flex: 1;
        min-height: 0;
        display: flex;
        flex-direction: column;
      }
      .panel.scrolls {
        display: block;
        overflow-y: auto;
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
        padding: 0 14px;
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
      .rows {
        display: grid;
        gap: 1px;
        padding: 1px 0;
      }
      .rows .skeleton {
        height: 61px;
        border-radius: 0;
      }
      @media (max-height: 480px) {
        :host {
          overflow-y: auto;
          display: block;
        }
        .list {
          height: 300px;
        }
      }
    `,
  ];

  focusSearch(): void {
    this.bar?.focusSearch();
  }

  /** Close what lies open on top; answers whether there was something. */
  closeFilters(): boolean {
    const wasOpen = this.filtersOpen;
    this.filtersOpen = false;
    return wasOpen;
  }

  #clusterNames = latest(
    (clusters: Session["loaded"]["clusters"]) =>
      new Map(
        ready(clusters)?.features.map(({ properties }) => [properties.id, properties.label] as const) ?? [],
      ),
  );

  #counts = latest((states: readonly UnitState[] | null) => {
    const counts: Partial<Record<UnitState, number>> = {};
    for (const unitState of states ?? []) counts[unitState] = (counts[unitState] ?? 0) + 1;
    return counts;
  });

  #tabKeys(event: KeyboardEvent): void {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!step) return;
    event.preventDefault();
    const next = TABS[(TABS.indexOf(this.session.view.tab) + step + TABS.length) % TABS.length]!;
    this.emit("tab-select", { tab: next });
    void this.updateComplete.then(() => this.renderRoot.querySelector<HTMLElement>(`#tab-${next}`)?.focus());
  }

  #tabs(current: Tab) {
    return html`<div class="tabs" role="tablist" aria-label=${t("side.tabs")} @keydown=${this.#tabKeys}>
      ${TABS.map(
        (tab) => html`<button
          id="tab-${tab}"
          role="tab"
          aria-selected=${tab === current}
          aria-controls="panel"
          tabindex=${tab === current ? 0 : -1}
          @click=${() => this.emit("tab-select", { tab })}
        >
          ${t(`tab.${tab}`)}
        </button>`,
      )}
    </div>`;
  }

  #list() {
    const { session } = this;
    const { points: loadable } = session.loaded;
    if (loadable.status === "error") return html`<kk-error .error=${loadable.error}></kk-error>`;
    if (loadable.status !== "ready") {
      return html`<div class="rows" role="status" aria-label=${t("loading")}>
        ${Array.from({ length: 9 }, () => html`<div class="skeleton"></div>`)}
      </div>`;
    }
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

  #units() {
    const { session } = this;
    const { view } = session;
    const municipality = ready(session.loaded.municipality);
    const total = session.points?.ids.length ?? 0;
    const shown = session.filtered.length;
    const clusterNames = this.#clusterNames(session.loaded.clusters);
    const cores = municipality?.cores ?? [];
    return html`<div
      class="panel"
      @filter-panel-toggle=${() => {
        this.filtersOpen = !this.filtersOpen;
      }}
    >
      ${
        municipality && !municipality.refreshed_at && total > 0
          ? html`<p class="note small">${t("unrefreshed")} <code>./kernkaart refresh</code></p>`
          : nothing
      }
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
          ><strong>${number(shown)}</strong> ${t("list.of", { total: number(total) })}
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
          : html`<div class="list">${this.#list()}</div>
            <div class="foot">
              <kk-export-menu
                .query=${{ municipality: view.municipality, ...filterQuery(view.filters) }}
                .count=${shown}
                .ownWeights=${view.weights !== null}
              ></kk-export-menu>
            </div>`
      }
    </div>`;
  }

  #weights() {
    const { session } = this;
    const criteria = session.points?.criteria ?? [];
    if (session.loaded.points.status === "error")
      return html`<kk-error .error=${session.loaded.points.error}></kk-error>`;
    if (session.points && criteria.length === 0) {
      return html`<kk-empty .heading=${t("weights.none")} .text=${t("unrefreshed")}><code>./kernkaart refresh</code></kk-empty>`;
    }
    return html`<kk-weights-panel .criteria=${criteria} .weights=${session.view.weights}></kk-weights-panel>`;
  }

  #vacancy() {
    const { vacancy, clusters } = this.session.loaded;
    if (vacancy.status === "error") return html`<kk-error .error=${vacancy.error}></kk-error>`;
    if (vacancy.status !== "ready") {
      return html`<div class="rows" role="status" aria-label=${t("loading")}>
        ${Array.from({ length: 5 }, () => html`<div class="skeleton"></div>`)}
      </div>`;
    }
    if (vacancy.value.units.denominator === 0) {
      return html`<kk-empty .heading=${t("list.none")} .text=${t("list.none_hint")}></kk-empty>`;
    }
    return html`<kk-vacancy-overview .vacancy=${vacancy.value} .clusters=${ready(clusters)}></kk-vacancy-overview>`;
  }

  protected override render() {
    const { tab } = this.session.view;
    return html`${this.#tabs(tab)}
      <div
        id="panel"
        role="tabpanel"
        aria-labelledby="tab-${tab}"
        class="panel ${tab === "units" ? "" : "scrolls"}"
        tabindex=${tab === "vacancy" ? "0" : nothing}
      >
        ${tab === "units" ? this.#units() : tab === "weights" ? this.#weights() : this.#vacancy()}
      </div>`;
  }
}
