import { css, html, nothing } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import { caseListsApi } from "../api/case-lists.ts";
import { CASE_STATES, type Case } from "../api/cases.ts";
import { shortDate } from "../text/format.ts";
import { t, tCode } from "../text/index.ts";
import { controls } from "../ui/controls.ts";
import { KkElement } from "../ui/element.ts";
import { icon } from "../ui/icons.ts";
import { Listening } from "./listening.ts";
import { caseStore } from "./store.ts";

const COLUMNS = ["title", "state", "branch", "unit", "acts", "next", "due", "handled"] as const;
type Column = (typeof COLUMNS)[number];

const TEXTS: Record<Column, (item: Case) => string> = {
  title: (item) => item.title,
  state: (item) => String(CASE_STATES.indexOf(item.state)).padStart(2, "0"),
  branch: (item) => (item.branch_code ? tCode("branch", item.branch_code) : ""),
  unit: (item) => item.units[0]?.address ?? "",
  acts: (item) => tCode("case_actor", item.acts),
  next: (item) => item.next_action ?? "",
  due: (item) => item.due_on ?? "9999",
  handled: (item) => item.handled_by ?? "",
};

/** The same cases as a table that can be sorted. */
@customElement("kk-case-table")
export class KkCaseTable extends KkElement {
  @property({ type: Number }) chosen: number | null = null;
  @state() private by: Column = "due";
  @state() private isDown = false;

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
        background: var(--surface);
      }
      .scroll {
        height: 100%;
        padding: 0 12px 12px;
        overflow: auto;
      }
      table {
        width: 100%;
        border-collapse: collapse;
        font-size: 14px;
      }
      .files {
        display: flex;
        flex-wrap: wrap;
        gap: 4px 10px;
        align-items: center;
        padding: 10px 0 4px;
      }
      th {
        position: sticky;
        top: 0;
        background: var(--surface);
        text-align: left;
        white-space: nowrap;
      }
      th button {
        padding: 8px 4px;
        border: 0;
        background: none;
        font-weight: 600;
      }
      td {
        padding: 6px 4px;
        border-top: 1px solid var(--line);
        vertical-align: top;
      }
      tr.chosen td {
        background: var(--accent-weak);
      }
      .open {
        padding: 0;
        border: 0;
        background: none;
        color: var(--accent);
        font-weight: 600;
        text-align: left;
      }
    `,
  ];

  #head(column: Column) {
    const sorted = column === this.by ? (this.isDown ? "descending" : "ascending") : nothing;
    return html`<th scope="col" aria-sort=${sorted}>
      <button
        @click=${() => {
          this.isDown = column === this.by && !this.isDown;
          this.by = column;
        }}
      >
        ${t(`case_column.${column}`)}${column === this.by ? (this.isDown ? " ↓" : " ↑") : ""}
      </button>
    </th>`;
  }

  /** The cases that the filters leave, as a file that names nobody. */
  #file(): string {
    const { text, acts, handledBy, closed } = caseStore.filters;
    return caseListsApi.csv(caseStore.municipality, {
      text,
      acts,
      handled_by: handledBy,
      with_closed: closed,
    });
  }

  #row(item: Case) {
    return html`<tr class=${item.id === this.chosen ? "chosen" : ""}>
      <td><button class="open" @click=${() => this.emit("view-change", { case: item.id })}>${item.title}</button>
        ${item.prospect_name ? html`<div class="small muted">${item.prospect_name}</div>` : nothing}</td>
      <td>${tCode("case_state", item.state)}</td>
      <td>${TEXTS.branch(item)}</td>
      <td>${item.units.map(({ address }) => html`<div>${address}</div>`)}</td>
      <td>${TEXTS.acts(item)}</td>
      <td>${item.next_action ?? ""}</td>
      <td class="num">${item.due_on ? shortDate(item.due_on) : ""}</td>
      <td>${item.handled_by ?? ""}</td>
    </tr>`;
  }

  protected override render() {
    const text = TEXTS[this.by];
    const rows = [...caseStore.shown].sort((a, b) => text(a).localeCompare(text(b)) || a.id - b.id);
    if (this.isDown) rows.reverse();
    return html`<div class="scroll" tabindex="0" role="region" aria-label=${t("case.table")}>
      <p class="files"><a class="button" href=${this.#file()} download>${icon("download", 16)} ${t("document.csv", { n: rows.length })}</a>
        <span class="small muted">${t("document.csv_hint")}</span></p>
      <table>
        <thead><tr>${COLUMNS.map((column) => this.#head(column))}</tr></thead>
        <tbody>${rows.map((item) => this.#row(item))}</tbody>
      </table>
    </div>`;
  }
}
