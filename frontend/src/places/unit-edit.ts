import { css, html, nothing } from "lit";
import { customElement, property, query, state } from "lit/decorators.js";
import { api } from "../api/client.ts";
import type { CodeItem, EditAnswer, ShopUnitDetail } from "../api/types.ts";
import { date } from "../text/format.ts";
import { t, tCode } from "../text/index.ts";
import { controls } from "../ui/controls.ts";
import { dialogStyle } from "../ui/dialog.css.ts";
import { KkElement } from "../ui/element.ts";
import { icon } from "../ui/icons.ts";
import { editFormStyle } from "./edit-form.css.ts";
import type { KkMergeForm } from "./merge-form.ts";
import type { KkSplitForm } from "./split-form.ts";

const KINDS = ["split", "merge", "end"] as const;
type Kind = (typeof KINDS)[number];
const ENDINGS = ["converted", "demolished"] as const;

/** Split a shop unit, join it with its neighbours, or end it; and take such a change back. */
@customElement("kk-unit-edit")
export class KkUnitEdit extends KkElement {
  @property({ attribute: false }) unit: ShopUnitDetail | null = null;
  @state() private asked: ShopUnitDetail | null = null;
  @state() private page: Kind | "list" = "split";
  @state() private branches: readonly CodeItem[] = [];
  @state() private ending: (typeof ENDINGS)[number] = "converted";
  @state() private busy = false;
  @state() private error: unknown = null;
  @state() private done: EditAnswer | null = null;
  @state() private isUndone = false;
  @query("dialog") private dialog!: HTMLDialogElement | null;
  @query("#on") private on!: HTMLInputElement | null;
  @query("kk-split-form") private splitForm!: KkSplitForm | null;
  @query("kk-merge-form") private mergeForm!: KkMergeForm | null;

  static override styles = [
    controls,
    dialogStyle,
    editFormStyle,
    css`
      :host {
        display: contents;
      }
      dialog {
        width: min(600px, calc(100vw - 16px));
        max-height: min(88vh, 820px);
      }
      .pages {
        display: flex;
        flex-wrap: wrap;
        gap: 6px;
        margin-bottom: 12px;
      }
      form,
      .done {
        display: grid;
        gap: 12px;
      }
      .foot {
        display: flex;
        flex-wrap: wrap;
        gap: 8px;
        justify-content: flex-end;
      }
    `,
  ];

  #show(): void {
    this.asked = this.unit;
    this.page = "split";
    this.error = null;
    this.done = null;
    this.isUndone = false;
    this.dialog?.showModal();
    if (this.branches.length === 0) {
      api.codeList("branch").then(
        ({ items }) => (this.branches = items),
        // Without the list a new occupant has no branch, which is allowed.
        () => undefined,
      );
    }
  }

  /** Close, and go to what there is now. */
  #close(): void {
    this.dialog?.close();
  }

  #closed(): void {
    const { done } = this;
    // The unit that ended is left first: behind this dialog it would be asked for again, and is not there any more.
    if (done && !this.isUndone) this.emit("unit-select", { id: done.units[0]?.id ?? null });
    if (done) this.emit("units-changed");
    this.asked = null;
    this.done = null;
  }

  async #submit(event: Event): Promise<void> {
    event.preventDefault();
    const { page } = this;
    const asked = this.asked;
    if (!asked || this.busy) return;
    const on = this.on?.value || null;
    const joined = this.mergeForm?.body;
    if (page === "merge" && !joined) {
      this.error = new Error(t("edit.choose_one"));
      return;
    }
    this.busy = true;
    this.error = null;
    try {
      if (page === "merge") this.done = await api.mergeUnits({ on, ...joined });
      else if (page === "split") this.done = await api.splitUnit(asked.id, { on, ...this.splitForm!.body });
      else this.done = await api.endUnit(asked.id, { on, ending: this.ending });
      this.isUndone = false;
    } catch (error) {
      this.error = error;
    }
    this.busy = false;
  }

  async #undo(): Promise<void> {
    if (!this.done) return;
    this.busy = true;
    try {
      await api.undoEdit(this.done.id);
      this.isUndone = true;
    } catch (error) {
      this.error = error;
    }
    this.busy = false;
  }

  #form(asked: ShopUnitDetail) {
    const { page } = this;
    const inside = {
      split: () => html`<kk-split-form .unit=${asked} .branches=${this.branches}></kk-split-form>`,
      merge: () => html`<kk-merge-form .unit=${asked} .branches=${this.branches}></kk-merge-form>`,
      end: () => html`<label class="field-label"
        >${t("edit.ending")}
        <select
          class="field"
          @change=${(event: Event) => {
            this.ending = (event.target as HTMLSelectElement).value as KkUnitEdit["ending"];
          }}
        >
          ${ENDINGS.map((code) => html`<option value=${code} .selected=${code === this.ending}>${tCode("lifecycle", code)}</option>`)}
        </select></label
      >`,
    };
    if (page === "list") return html`<kk-edit-list .municipality=${asked.nis_code}></kk-edit-list>`;
    return html`<form @submit=${this.#submit} @input=${() => (this.error = null)}>
      <p class="small">${t(`edit.${page}_hint`)}</p>
      <label class="field-label"
        >${t("edit.on")}
        <input class="field" id="on" type="date" required .value=${asked.today} max=${asked.today}
      /></label>
      ${inside[page]()}
      ${this.error ? html`<kk-error plain .error=${this.error}></kk-error>` : nothing}
      <div class="foot">
        <button type="button" class="button" @click=${this.#close}>${t("edit.cancel")}</button>
        <button class="button primary" ?disabled=${this.busy}>${t(`edit.${page}_do`)}</button>
      </div>
    </form>`;
  }

  #result(done: EditAnswer, asked: ShopUnitDetail) {
    return html`<div class="done">
      <p role="status">
        ${this.isUndone ? t("edit.is_undone", { address: asked.address }) : t(`edit.${done.kind}_done`, { address: asked.address, n: done.units.length })}
      </p>
      ${done.temporary_uses.map(
        ({ unit, occupant_name: name }) =>
          html`<p class="small">${t("edit.temporary_ends", { unit, name: name ?? t("unknown"), on: date(done.on) })}</p>`,
      )}
      ${this.error ? html`<kk-error plain .error=${this.error}></kk-error>` : nothing}
      <div class="foot">
        ${
          this.isUndone
            ? nothing
            : html`<button class="button" ?disabled=${this.busy} @click=${this.#undo}>${icon("reset", 16)} ${t("undo")}</button>`
        }
        <button class="button primary" @click=${this.#close}>${t("close")}</button>
      </div>
    </div>`;
  }

  #pages() {
    return html`<div class="pages" role="group" aria-label=${t("edit.what")}>
      ${([...KINDS, "list"] as const).map(
        (page) => html`<button
          class="button"
          aria-pressed=${page === this.page}
          @click=${() => {
            this.page = page;
            this.error = null;
          }}
        >
          ${t(`edit.${page}`)}
        </button>`,
      )}
    </div>`;
  }

  protected override render() {
    const asked = this.asked;
    const done = this.done;
    return html`<button
        class="quiet square"
        aria-label=${t("edit.title")}
        title=${t("edit.title")}
        ?disabled=${!this.unit}
        @click=${this.#show}
      >
        ${icon("pen")}
      </button>
      <dialog aria-labelledby="title" @close=${this.#closed}>
        <div class="head">
          <h2 id="title">${asked?.address ?? ""}</h2>
          <button class="quiet square" aria-label=${t("close")} @click=${this.#close}>${icon("close", 20)}</button>
        </div>
        ${asked ? (done ? this.#result(done, asked) : html`${this.#pages()} ${this.#form(asked)}`) : nothing}
      </dialog>`;
  }
}
