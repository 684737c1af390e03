import { css, html, nothing } from "lit";
import { customElement, property, query, state } from "lit/decorators.js";
import type { RoundBranch, RoundStatus } from "../api/types.ts";
import { labelOf, t, tCode } from "../text/index.ts";
import { controls } from "../ui/controls.ts";
import { KkElement } from "../ui/element.ts";
import { phoneControls } from "./phone.css.ts";
import { type Branches, findBranches } from "./words.ts";

/** What asks for more than a tap: which shop is there now, or a note for the desk. */
@customElement("kk-round-change")
export class KkRoundChange extends KkElement {
  @property() status: RoundStatus = "occupied";
  @property({ attribute: false }) branches: Branches = new Map();
  @property() address = "";
  @state() private letters = "";
  @state() private branch: RoundBranch | null = null;
  @query("dialog") private dialog!: HTMLDialogElement;
  @query("#name") private name!: HTMLInputElement | null;
  @query("#note") private note!: HTMLTextAreaElement | null;

  static override styles = [
    controls,
    phoneControls,
    css`
      dialog {
        width: 100%;
        max-width: 520px;
        max-height: 100%;
        margin: auto auto 0;
        padding: 16px;
        border: 0;
        border-radius: 14px 14px 0 0;
        color: var(--ink);
        box-sizing: border-box;
      }
      dialog::backdrop {
        background: rgb(10 25 30 / 60%);
      }
      form {
        display: grid;
        gap: 12px;
      }
      h2 {
        font-size: 19px;
        line-height: 1.25;
      }
      .found {
        display: grid;
        gap: 6px;
        max-height: 34vh;
        overflow: auto;
      }
      .found button {
        justify-content: flex-start;
        text-align: left;
      }
      .chosen {
        display: flex;
        align-items: center;
        justify-content: space-between;
        gap: 8px;
        font-weight: 600;
      }
      .ends {
        display: grid;
        grid-template-columns: 1fr 2fr;
        gap: 8px;
      }
    `,
  ];

  /** Ask anew: what was typed for the unit before is gone. */
  open(): void {
    this.letters = "";
    this.branch = null;
    if (this.name) this.name.value = "";
    if (this.note) this.note.value = "";
    this.dialog.showModal();
  }

  #save(event: Event): void {
    event.preventDefault();
    this.emit("say", {
      status: this.status,
      occupant_name: this.name?.value ?? null,
      branch_code: this.branch?.code ?? null,
      note: this.note?.value ?? null,
    });
    this.dialog.close();
  }

  #choose(branch: RoundBranch | null): void {
    this.branch = branch;
    this.letters = "";
  }

  #branchField() {
    if (this.branch) {
      return html`<div class="chosen">
        <span>${t("round.branch_chosen", { branch: labelOf(this.branch) })}</span>
        <button type="button" class="tap" @click=${() => this.#choose(null)}>${t("round.cancel")}</button>
      </div>`;
    }
    const found = findBranches(this.branches, this.letters);
    return html`<label for="branch">${t("round.branch")}</label>
      <input id="branch" type="search" class="field tall" autocomplete="off" placeholder=${t("round.branch_search")}
        .value=${this.letters} @input=${(event: InputEvent) => {
          this.letters = (event.target as HTMLInputElement).value;
        }} />
      <div class="found" role="group" aria-label=${t("round.branch")}>
        ${found.map((branch) => html`<button type="button" class="tap" @click=${() => this.#choose(branch)}>${labelOf(branch)}</button>`)}
        ${this.letters.trim() && !found.length ? html`<p class="small" role="status">${t("round.branch_none")}</p>` : nothing}
      </div>`;
  }

  protected override render() {
    const isShop = this.status === "occupied" || this.status === "new_unit";
    const title = this.status === "occupied" ? t("round.changed") : tCode("round", this.status);
    return html`<dialog aria-labelledby="title">
      <form @submit=${this.#save}>
        <h2 id="title">${this.address}: ${title}</h2>
        ${
          isShop
            ? html`<label for="name">${t("round.name")}</label>
              <input id="name" class="field tall" maxlength="120" autocomplete="off" aria-describedby="name-hint" />
              <p id="name-hint" class="small muted">${t("round.name_hint")}</p>
              ${this.#branchField()}`
            : nothing
        }
        ${
          this.status === "occupied"
            ? nothing
            : html`<label for="note">${t("round.note")}</label>
              <textarea id="note" class="field" rows="2" maxlength="500" aria-describedby="note-hint"></textarea>
              <p id="note-hint" class="small muted">${t("round.note_hint")}</p>`
        }
        <div class="ends">
          <button type="button" class="tap" @click=${() => this.dialog.close()}>${t("round.cancel")}</button>
          <button class="tap main">${t("round.save")}</button>
        </div>
      </form>
    </dialog>`;
  }
}
