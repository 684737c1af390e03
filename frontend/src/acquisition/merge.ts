import { html, nothing } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import type { CaseConflict, CaseFacts } from "../api/cases.ts";
import { t } from "../text/index.ts";
import { controls } from "../ui/controls.ts";
import { KkElement } from "../ui/element.ts";
import { caseStyle } from "./cases.css.ts";
import { factText } from "./fact-text.ts";

/** Two officers changed one case: what each wrote, side by side, and which is kept. */
@customElement("kk-case-merge")
export class KkCaseMerge extends KkElement {
  @property() by = "";
  @property({ attribute: false }) fields: readonly CaseConflict[] = [];
  @state() private mine: ReadonlySet<string> = new Set();

  static override styles = [controls, caseStyle];

  override focus(): void {
    this.renderRoot.querySelector<HTMLElement>("h3")?.focus();
  }

  #choose(field: string, isMine: boolean): void {
    const next = new Set(this.mine);
    if (isMine) next.add(field);
    else next.delete(field);
    this.mine = next;
  }

  #field({ field, read, yours, theirs }: CaseConflict) {
    const option = (isMine: boolean, who: string, value: unknown) => html`<label class="check">
      <input type="radio" name=${field} .checked=${this.mine.has(field) === isMine} @change=${() => this.#choose(field, isMine)} />
      <span>${who}: <strong>${factText(field, value)}</strong></span>
    </label>`;
    return html`<li>
      <div role="radiogroup" aria-label=${t(`case_fact.${field}`)}>
        <p><strong>${t(`case_fact.${field}`)}</strong> <span class="small muted">${t("case.was", { value: factText(field, read) })}</span></p>
        ${option(false, this.by, theirs)} ${option(true, t("case.you"), yours)}
      </div>
    </li>`;
  }

  #keep(): void {
    const chosen = this.fields.filter(({ field }) => this.mine.has(field));
    this.emit(
      "case-merged",
      Object.fromEntries(chosen.map((one) => [one.field, one.yours])) as Partial<CaseFacts>,
    );
  }

  protected override render() {
    return html`<div class="box" role="alert">
      <h3 tabindex="-1">${t("case.both", { by: this.by })}</h3>
      ${this.fields.length ? nothing : html`<p class="small">${t("case.both_same")}</p>`}
      <ul class="rows">${this.fields.map((one) => this.#field(one))}</ul>
      <div class="bar" style="margin-top: 8px">
        <button class="button primary" @click=${() => this.#keep()}>${t("case.keep_choice")}</button>
      </div>
    </div>`;
  }
}
