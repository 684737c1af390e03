import { css, html, nothing, type PropertyValues } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import { api } from "../api/client.ts";
import type { BreakIn, BreakKind, WrittenBreak } from "../api/types.ts";
import { date } from "../text/format.ts";
import { t, tCode } from "../text/index.ts";
import { Asked, Done } from "../ui/asked.ts";
import { controls } from "../ui/controls.ts";
import { KkElement } from "../ui/element.ts";
import { icon } from "../ui/icons.ts";
import { durationsStyle } from "./durations.css.ts";

const KINDS: readonly BreakKind[] = ["definition", "source", "method", "boundary"];

function given(row: WrittenBreak): BreakIn {
  const { id: _, breaks_on, kind, reason, source } = row;
  return { breaks_on, kind, reason, source };
}

/** The days from which was counted otherwise: written down, corrected and taken away, each with a way back. */
@customElement("kk-series-breaks")
export class KkSeriesBreaks extends KkElement {
  @property() municipality = "";
  /** The break in the form; null for a new one. */
  @state() private edited: WrittenBreak | "new" | null = null;
  @state() private told: { text: string; undo: (() => Promise<unknown>) | null } | null = null;
  readonly #breaks = new Asked(this, (signal) =>
    this.municipality ? api.seriesBreaks(this.municipality, signal) : null,
  );
  readonly #done = new Done(this);

  static override styles = [
    controls,
    durationsStyle,
    css`
      :host {
        display: block;
        padding: 0;
      }
      details > div {
        display: grid;
        gap: 10px;
        padding-top: 4px;
      }
      .buttons {
        display: flex;
        gap: 4px;
      }
      .buttons .quiet {
        padding: 2px 6px;
      }
    `,
  ];

  protected override willUpdate(changed: PropertyValues): void {
    if (!changed.has("municipality")) return;
    this.edited = this.told = null;
    void this.#breaks.anew();
  }

  /** Write, say what was written and how it is undone, and draw every series anew. */
  async #write(act: () => Promise<unknown>, text: string, undo: (() => Promise<unknown>) | null) {
    const isDone = await this.#done.run(async () => {
      await act();
      await this.#breaks.again();
    });
    if (!isDone) return;
    this.edited = null;
    this.told = { text, undo };
    this.emit("series-changed");
    await this.updateComplete;
    this.renderRoot.querySelector<HTMLElement>(".undo button, #add")?.focus();
  }

  async #save(event: SubmitEvent): Promise<void> {
    event.preventDefault();
    const data = new FormData(event.target as HTMLFormElement);
    const text = (name: string) => String(data.get(name) ?? "").trim();
    const body: BreakIn = {
      breaks_on: text("on"),
      kind: text("kind") as BreakKind,
      reason: text("reason"),
      source: text("source") || null,
    };
    const on = date(body.breaks_on);
    const { municipality } = this;
    const edited = this.edited;
    if (edited === "new") {
      let id = 0;
      const add = async () => {
        ({ id } = await api.addBreak({ municipality, ...body }));
      };
      await this.#write(add, t("breaks.added", { on }), () => api.removeBreak(id));
    } else if (edited) {
      await this.#write(
        () => api.changeBreak(edited.id, body),
        t("breaks.changed", { on }),
        () => api.changeBreak(edited.id, given(edited)),
      );
    }
  }

  async #remove(row: WrittenBreak): Promise<void> {
    const { municipality } = this;
    await this.#write(
      () => api.removeBreak(row.id),
      t("breaks.removed", { on: date(row.breaks_on) }),
      () => api.addBreak({ municipality, ...given(row) }),
    );
  }

  async #edit(row: WrittenBreak | "new" | null): Promise<void> {
    this.edited = row;
    this.#done.forget();
    await this.updateComplete;
    this.renderRoot.querySelector<HTMLElement>(row ? "#on" : "#add")?.focus();
  }

  #form(row: WrittenBreak | null) {
    return html`<form
      @submit=${(event: SubmitEvent) => void this.#save(event)}
      @keydown=${(event: KeyboardEvent) => {
        if (event.key !== "Escape") return;
        event.stopPropagation();
        void this.#edit(null);
      }}
    >
      <label
        >${t("breaks.on")}
        <input id="on" name="on" type="date" required min="1900-01-01" max="2200-01-01" .value=${row?.breaks_on ?? ""}
      /></label>
      <label
        >${t("breaks.kind")}
        <select name="kind">
          ${KINDS.map((kind) => html`<option value=${kind} ?selected=${kind === row?.kind}>${tCode("series_break", kind)}</option>`)}
        </select></label
      >
      <label
        >${t("breaks.reason")}
        <input name="reason" required pattern=".*\\S.*" maxlength="300" .value=${row?.reason ?? ""}
      /></label>
      <label
        >${t("breaks.source")}
        <input name="source" maxlength="300" .value=${row?.source ?? ""}
      /></label>
      ${this.#done.draw()}
      <div class="choice">
        <button class="button primary" ?disabled=${this.#done.isBusy}>${t("breaks.save")}</button>
        <button class="button" type="button" @click=${() => void this.#edit(null)}>${t("breaks.cancel")}</button>
      </div>
    </form>`;
  }

  #row(row: WrittenBreak) {
    const button = (what: string, act: () => unknown) => html`<button
      class="quiet"
      ?disabled=${this.#done.isBusy}
      aria-label=${t("breaks.named", { what, on: date(row.breaks_on) })}
      @click=${act}
    >
      ${what}
    </button>`;
    return html`<li class="item">
      <div class="row">
        <span><strong>${date(row.breaks_on)}</strong> · ${tCode("series_break", row.kind)}</span>
        <span class="buttons">
          ${button(t("breaks.change"), () => void this.#edit(row))}
          ${button(t("breaks.remove"), () => void this.#remove(row))}
        </span>
      </div>
      <span>${row.reason}</span>
      ${row.source ? html`<span class="small muted">${row.source}</span>` : nothing}
    </li>`;
  }

  #told() {
    const { told } = this;
    if (!told) return nothing;
    const { undo } = told;
    return html`<div class="undo" role="status">
      <span>${told.text}</span>
      ${
        undo
          ? html`<button class="quiet" ?disabled=${this.#done.isBusy} @click=${() => void this.#write(undo, t("breaks.undone"), null)}>
            ${icon("reset", 16)} ${t("undo")}
          </button>`
          : nothing
      }
    </div>`;
  }

  #list(items: WrittenBreak[]) {
    const { edited } = this;
    return html`${
      items.length
        ? html`<ul>
          ${items.map((row) => (edited !== "new" && edited?.id === row.id ? html`<li class="item">${this.#form(row)}</li>` : this.#row(row)))}
        </ul>`
        : html`<p class="small muted">${t("breaks.none")}</p>`
    }
    ${edited ? nothing : this.#done.draw()}
    ${
      edited === "new"
        ? this.#form(null)
        : html`<div>
          <button id="add" class="button" @click=${() => void this.#edit("new")}>${icon("plus", 16)} ${t("breaks.add")}</button>
        </div>`
    }`;
  }

  protected override render() {
    return html`<details>
      <summary>${t("breaks.manage")}</summary>
      <div>
        <p class="small">${t("breaks.explain")}</p>
        ${this.#told()}
        ${this.#breaks.draw(({ items }) => this.#list(items), html`<kk-skeleton-rows count="2"></kk-skeleton-rows>`)}
      </div>
    </details>`;
  }
}
