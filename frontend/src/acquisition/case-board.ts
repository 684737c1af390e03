import { css, html, nothing } from "lit";
import { customElement, property } from "lit/decorators.js";
import { CASE_STATES, type Case, type CaseState, type CaseStep } from "../api/cases.ts";
import { shortDate } from "../text/format.ts";
import { t, tCode } from "../text/index.ts";
import { controls } from "../ui/controls.ts";
import { KkElement } from "../ui/element.ts";
import { ready } from "../ui/loadable.ts";
import { Listening } from "./listening.ts";
import { caseStore, sideways } from "./store.ts";

/** Cases in columns by state; a case is moved with a button, with the keyboard or by dragging. */
@customElement("kk-case-board")
export class KkCaseBoard extends KkElement {
  @property({ type: Number }) chosen: number | null = null;
  #dragged: Case | null = null;

  constructor() {
    super();
    new Listening(this);
  }

  static override styles = [
    controls,
    css`
      :host {
        display: block;
        height: 100%;
        background: var(--ground);
      }
      .board {
        display: flex;
        gap: 8px;
        height: 100%;
        padding: 12px;
        overflow: auto;
      }
      .column {
        flex: 0 0 186px;
        min-height: 120px;
      }
      .column.none {
        flex-basis: 96px;
      }
      h3 {
        display: flex;
        gap: 6px;
        align-items: baseline;
        justify-content: space-between;
        margin: 0 0 6px;
        padding-bottom: 4px;
        border-bottom: 2px solid var(--accent);
        font-size: 13.5px;
        line-height: 1.2;
        overflow-wrap: anywhere;
      }
      .none h3 {
        border-color: var(--line-2);
        color: var(--ink-3);
      }
      li {
        margin-bottom: 6px;
        border: 1px solid var(--line);
        border-radius: var(--radius);
        background: var(--surface);
      }
      li.chosen {
        border-color: var(--accent);
        box-shadow: 0 0 0 1px var(--accent);
      }
      .card {
        display: grid;
        gap: 2px;
        width: 100%;
        padding: 7px 9px;
        border: 0;
        border-radius: var(--radius);
        background: none;
        text-align: left;
        overflow-wrap: anywhere;
        line-height: 1.25;
      }
      .card:hover {
        background: var(--hover);
      }
      .moves {
        display: flex;
        justify-content: space-between;
        padding: 0 3px 3px;
      }
      .moves .quiet {
        min-height: 26px;
        padding: 0 6px;
        font-size: 13px;
      }
      .late {
        color: var(--bad-ink);
        font-weight: 600;
      }
      @media (max-width: 899px) {
        .board {
          display: block;
          height: auto;
        }
        .column {
          min-height: 0;
          margin-bottom: 12px;
        }
        .column.none {
          display: none;
        }
        .moves .quiet {
          min-height: 40px;
        }
      }
    `,
  ];

  #move(item: Case, step: CaseStep | null): void {
    if (!step) return;
    const to = tCode("case_state", step.to);
    void caseStore.move(item, step, t("case.moved", { title: item.title, to })).then(async () => {
      if (caseStore.asked?.id === item.id) this.emit("view-change", { case: item.id });
      await this.updateComplete;
      this.renderRoot.querySelector<HTMLElement>(`#case-${item.id}`)?.focus();
    });
  }

  #keys(event: KeyboardEvent, item: Case): void {
    const way = { ArrowRight: 1, ArrowLeft: -1, ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (!way) return;
    event.preventDefault();
    const isSideways = event.key === "ArrowRight" || event.key === "ArrowLeft";
    if (event.shiftKey && isSideways) {
      this.#move(item, sideways(item, way > 0 ? "forward" : "back"));
      return;
    }
    const cards = [...this.renderRoot.querySelectorAll<HTMLElement>(".card")];
    cards[cards.findIndex((card) => card.id === `case-${item.id}`) + way]?.focus();
  }

  #card(item: Case, today: string) {
    const next = sideways(item, "forward");
    const back = sideways(item, "back");
    const isLate = item.due_on !== null && item.due_on < today;
    const place = item.units[0]?.address;
    return html`<li
      class=${item.id === this.chosen ? "chosen" : ""}
      draggable="true"
      @dragstart=${() => {
        this.#dragged = item;
      }}
    >
      <button
        id="case-${item.id}"
        class="card"
        aria-keyshortcuts="Shift+ArrowRight Shift+ArrowLeft"
        aria-current=${item.id === this.chosen ? "true" : nothing}
        @click=${() => this.emit("view-change", { case: item.id })}
        @keydown=${(event: KeyboardEvent) => this.#keys(event, item)}
      >
        <strong>${item.title}</strong>
        ${item.prospect_name ? html`<span class="small">${item.prospect_name}</span>` : nothing}
        ${place ? html`<span class="small muted">${place}${item.units.length > 1 ? ` +${item.units.length - 1}` : ""}</span>` : nothing}
        ${item.due_on ? html`<span class="small num ${isLate ? "late" : ""}">${shortDate(item.due_on)} · ${tCode("case_actor", item.acts)}</span>` : nothing}
      </button>
      <div class="moves">
        ${this.#button(item, back, "←")} ${this.#button(item, next, "→")}
      </div>
    </li>`;
  }

  #button(item: Case, step: CaseStep | null, arrow: string) {
    if (!step) return html`<span></span>`;
    const to = tCode("case_state", step.to);
    const label = t("case.move_to", { title: item.title, to });
    return html`<button class="quiet" title=${to} aria-label=${label} @click=${() => this.#move(item, step)}>${arrow}</button>`;
  }

  #column(state: CaseState, items: readonly Case[], today: string) {
    const own = items.filter((item) => item.state === state);
    return html`<section
      class="column ${own.length ? "" : "none"}"
      aria-labelledby="column-${state}"
      @dragover=${(event: DragEvent) => {
        if (this.#dragged?.steps.some((step) => step.to === state)) event.preventDefault();
      }}
      @drop=${() => {
        const item = this.#dragged;
        if (item) this.#move(item, item.steps.find((step) => step.to === state) ?? null);
      }}
    >
      <h3 id="column-${state}"><span>${tCode("case_state", state)}</span><span class="num">${own.length}</span></h3>
      <ul>${own.map((item) => this.#card(item, today))}</ul>
    </section>`;
  }

  protected override render() {
    const value = ready(caseStore.list);
    if (!value) return nothing;
    const { shown, filters } = caseStore;
    const states = CASE_STATES.filter(
      (state) => filters.closed || !["lost", "rejected", "aftercare"].includes(state),
    );
    return html`<div class="board" tabindex="0" role="region" aria-label=${t("case.board")}>
      ${states.map((state) => this.#column(state, shown, value.today))}
    </div>`;
  }
}
