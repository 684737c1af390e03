import { css, html, nothing } from "lit";
import { customElement, property, query } from "lit/decorators.js";
import type { Core, UnitState } from "../api/types.ts";
import { squareMetres } from "../text/format.ts";
import { t, tCode } from "../text/index.ts";
import { controls } from "../ui/controls.ts";
import { KkElement } from "../ui/element.ts";
import { icon } from "../ui/icons.ts";
import { type FilterPart, type Filters, filterParts, NO_FILTERS, toggled, withoutPart } from "./filter.ts";
import { legendStyles } from "./unit-style.ts";
import { unitSymbol } from "./unit-symbol.ts";

/** The words of one thing that is filtered on. */
export function partText(part: FilterPart, names: { core?: string; cluster?: string }): string {
  switch (part.key) {
    case "state":
      return tCode("state", String(part.value));
    case "branchGroup":
      return tCode("branch_group", String(part.value));
    case "vacancyClass":
      return tCode("vacancy_class", String(part.value));
    case "minFloorAreaM2":
      return t("filter.at_least", { value: squareMetres(Number(part.value)) });
    case "maxFloorAreaM2":
      return t("filter.at_most", { value: squareMetres(Number(part.value)) });
    case "notSeenMonths":
      return t("worklist.filter_months", { n: part.value });
    case "core":
      return names.core ?? t("filter.core");
    case "cluster":
      return t("filter.cluster_named", { name: names.cluster ?? part.value });
    default:
      return `“${part.value}”`;
  }
}

/** Search, the states at hand, and a chip for whatever else is asked. */
@customElement("kk-filter-bar")
export class KkFilterBar extends KkElement {
  @property({ attribute: false }) filters: Filters = NO_FILTERS;
  @property({ attribute: false }) cores: readonly Core[] = [];
  @property({ attribute: false }) clusterNames: ReadonlyMap<number, string> = new Map();
  @property({ attribute: false }) counts: Partial<Record<UnitState, number>> = {};
  @property({ type: Boolean }) open = false;
  @query("input") private search!: HTMLInputElement | null;

  static override styles = [
    controls,
    css`
      :host {
        display: grid;
        gap: 8px;
      }
      .row {
        display: flex;
        gap: 8px;
      }
      .search {
        position: relative;
        flex: 1;
        min-width: 0;
      }
      .search .icon {
        position: absolute;
        left: 9px;
        top: 9px;
        color: var(--ink-3);
        pointer-events: none;
      }
      .search input {
        padding-left: 34px;
      }
      input::-webkit-search-cancel-button {
        cursor: pointer;
      }
      .states,
      .chips {
        display: flex;
        flex-wrap: wrap;
        gap: 6px;
      }
      .state {
        display: inline-flex;
        align-items: center;
        gap: 5px;
        min-height: 30px;
        padding: 2px 10px 2px 7px;
        border: 1px solid var(--line);
        border-radius: 15px;
        background: var(--surface);
        font-size: 14px;
      }
      .state:hover {
        border-color: var(--line-2);
      }
      .state[aria-pressed="true"] {
        border-color: var(--accent);
        background: var(--accent-weak);
        font-weight: 600;
      }
      .state .num {
        color: var(--ink-3);
        font-weight: 400;
      }
      .chip {
        display: inline-flex;
        align-items: center;
        gap: 4px;
        min-height: 28px;
        padding: 2px 4px 2px 10px;
        border: 0;
        border-radius: 14px;
        background: var(--accent-weak);
        color: var(--accent-strong);
        font-size: 13.5px;
        font-weight: 500;
      }
      .chip:hover {
        background: #d3e5e8;
      }
      .clear {
        min-height: 28px;
        font-size: 13.5px;
        white-space: nowrap;
      }
      @media (max-width: 899px) {
        .states,
        .chips {
          flex-wrap: nowrap;
          overflow-x: auto;
          /* Room for the focus ring, which the scrolling box would cut. */
          margin: -4px;
          padding: 4px;
          scrollbar-width: none;
        }
        .states > *,
        .chips > * {
          flex: none;
        }
      }
    `,
  ];

  focusSearch(): void {
    this.search?.focus();
    this.search?.select();
  }

  focusFilters(): void {
    this.renderRoot.querySelector<HTMLElement>("[aria-expanded]")?.focus();
  }

  #set(filters: Filters, how: "push" | "replace" = "push"): void {
    this.emit("filters-change", { filters, how });
  }

  #stateButton(state: UnitState, count: number) {
    const style = legendStyles("state").find((entry) => entry.style.key === state)!.style;
    return html`<button
      class="state"
      aria-pressed=${this.filters.state.includes(state)}
      @click=${() => this.#set({ ...this.filters, state: toggled(this.filters.state, state) })}
    >
      ${unitSymbol(style)} ${tCode("state", state)} <span class="num">${count}</span>
    </button>`;
  }

  #clear() {
    return html`<button class="quiet clear" @click=${() => this.#set(NO_FILTERS)}>${t("filter.clear")}</button>`;
  }

  #chips() {
    const parts = filterParts(this.filters).filter((part) => part.key !== "state");
    if (parts.length === 0) return nothing;
    const core = this.cores.find((item) => item.id === this.filters.core)?.name;
    const cluster = this.filters.cluster === null ? undefined : this.clusterNames.get(this.filters.cluster);
    return html`<div class="chips" role="group" aria-label=${t("filter.active")}>
      ${parts.map((part) => {
        const text = partText(part, { core, cluster });
        return html`<button
          class="chip"
          aria-label=${t("filter.remove", { name: text })}
          @click=${() => this.#set(withoutPart(this.filters, part))}
        >
          ${text} ${icon("close", 16)}
        </button>`;
      })}
${this.#clear()}
    </div>`;
  }

  protected override render() {
    const states = (["vacant", "occupied", "non_retail", "unknown"] as const).filter(
      (state) => (this.counts[state] ?? 0) > 0 || this.filters.state.includes(state),
    );
    const onlyStates = filterParts(this.filters).every((part) => part.key === "state");
    const more = filterParts(this.filters).filter(
      (part) => part.key !== "state" && part.key !== "text",
    ).length;
    return html`<div class="row">
        <div class="search" role="search">
          ${icon("search")}
          <input
            class="field"
            type="search"
            maxlength="100"
            aria-label=${t("filter.search")}
            aria-keyshortcuts="/"
            placeholder=${t("filter.search_hint")}
            .value=${this.filters.text}
            @input=${(event: InputEvent) =>
              this.#set({ ...this.filters, text: (event.target as HTMLInputElement).value }, "replace")}
          />
        </div>
        <button
          class="button"
          aria-expanded=${this.open}
          @click=${() => this.emit("filter-panel-toggle")}
        >
          ${icon("filter")} ${t("filter.more")}
          ${more ? html`<span class="badge accent num">${more}</span>` : nothing}
        </button>
      </div>
      <div class="states" role="group" aria-label=${t("filter.state")}>
        ${states.map((state) => this.#stateButton(state, this.counts[state] ?? 0))}
        ${this.filters.state.length && onlyStates ? this.#clear() : nothing}
      </div>
      ${this.#chips()}`;
  }
}
