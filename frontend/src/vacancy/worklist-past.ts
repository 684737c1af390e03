import { css, html, nothing, type PropertyValues } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import { api } from "../api/client.ts";
import type { PastDecision, PastDecisions, Worklist } from "../api/types.ts";
import { date, number } from "../text/format.ts";
import { t, tCode } from "../text/index.ts";
import { Asked, Done } from "../ui/asked.ts";
import { controls } from "../ui/controls.ts";
import { KkElement } from "../ui/element.ts";
import { icon } from "../ui/icons.ts";

const AT_ONCE = 20;

/** What was decided on the work list, by whom and why, and a way to take it back; asked for when it is opened. */
@customElement("kk-worklist-past")
export class KkWorklistPast extends KkElement {
  @property() municipality = "";
  /** Alias of who takes back. */
  @property() by = "";
  /** The list beside it: whenever that is new, this may be too. */
  @property({ attribute: false }) list: Worklist | null = null;
  @state() private isOpen = false;
  readonly #past = new Asked(this, (signal) =>
    this.isOpen && this.municipality ? api.worklistDecisions(this.#query(), signal) : null,
  );
  readonly #done = new Done(this);

  static override styles = [
    controls,
    css`
      :host {
        display: block;
        margin-top: 16px;
      }
      summary {
        min-height: 32px;
        padding: 4px 0;
        cursor: pointer;
        font-size: 15px;
        font-weight: 600;
      }
      li {
        display: grid;
        grid-template-columns: 1fr auto;
        gap: 2px 8px;
        padding: 8px 0;
        border-top: 1px solid var(--line);
        font-size: 14px;
      }
      li > * {
        grid-column: 1;
      }
      li .quiet {
        grid-column: 2;
        grid-row: 1 / span 3;
        align-self: start;
      }
      .gone {
        text-decoration: line-through;
      }
      q {
        quotes: none;
        padding-left: 8px;
        border-left: 3px solid var(--line-2);
      }
    `,
  ];

  #query() {
    return { municipality: this.municipality, limit: AT_ONCE };
  }

  protected override willUpdate(changed: PropertyValues): void {
    const asked = changed as Map<string, unknown>;
    if (changed.has("municipality")) void this.#past.anew();
    else if (asked.has("list") || asked.has("isOpen")) void this.#past.again();
  }

  async #undo({ id, is_written: wrote }: PastDecision): Promise<void> {
    const isDone = await this.#done.run(async () => {
      await api.unsettle({ municipality: this.municipality, decisions: [id], by: this.by });
      await this.#past.again();
    });
    if (!isDone) return;
    if (wrote) this.emit("units-changed");
    this.emit("worklist-undone");
  }

  async #more({ items, next: before }: PastDecisions): Promise<void> {
    await this.#done.run(async () => {
      const more = await api.worklistDecisions({ ...this.#query(), before });
      this.#past.put({ ...more, items: [...items, ...more.items] });
    });
  }

  #row(row: PastDecision) {
    return html`<li>
      <span class=${row.undone_at ? "gone" : ""}>
        <strong>${row.address || t("list.no_address")}</strong> · ${tCode("worklist_kind", row.kind)}:
        ${tCode("worklist_verdict", row.verdict)}
      </span>
      ${row.reason ? html`<q>${row.reason}</q>` : nothing}
      <span class="small muted">
        ${t("worklist.past_by", { by: row.by, at: date(row.at) })}${
          row.undone_at
            ? `; ${t("worklist.past_undone", { by: row.undone_by ?? "", at: date(row.undone_at) })}`
            : ""
        }
      </span>
      ${
        row.undone_at
          ? nothing
          : html`<button
            class="quiet"
            ?disabled=${this.#done.isBusy}
            aria-label=${t("worklist.past_undo", { name: row.address })}
            title=${t("worklist.past_undo", { name: row.address })}
            @click=${() => void this.#undo(row)}
          >
            ${icon("reset", 16)}
          </button>`
      }
    </li>`;
  }

  #list(past: PastDecisions) {
    if (!past.items.length) return html`<p class="small muted">${t("worklist.past_none")}</p>`;
    return html`<ul>
        ${past.items.map((row) => this.#row(row))}
      </ul>
      ${
        past.next
          ? html`<button class="button" ?disabled=${this.#done.isBusy} @click=${() => void this.#more(past)}>
            ${t("worklist.past_more")} (${number(past.items.length)}+)
          </button>`
          : nothing
      }`;
  }

  protected override render() {
    return html`<details
      @toggle=${(event: Event) => {
        this.isOpen = (event.target as HTMLDetailsElement).open;
      }}
    >
      <summary>${t("worklist.past")}</summary>
      ${this.#done.draw()}
      ${this.#past.draw((past) => this.#list(past), html`<kk-skeleton-rows count="3"></kk-skeleton-rows>`)}
    </details>`;
  }
}
