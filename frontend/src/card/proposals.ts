import { html, nothing } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import { type Choices, cardApi, type FactKind, type Proposal, type UnitCard } from "../api/card.ts";
import { shortDate } from "../text/format.ts";
import { t } from "../text/index.ts";
import { Done } from "../ui/asked.ts";
import { controls } from "../ui/controls.ts";
import { KkElement } from "../ui/element.ts";
import { cardStyle } from "./card.css.ts";
import { choiceLabel, factText } from "./values.ts";

/** What owners propose: old beside new, to be accepted or rejected value by value, and taken back. */
@customElement("kk-proposals")
export class KkProposals extends KkElement {
  @property({ attribute: false }) items: readonly Proposal[] = [];
  @property({ attribute: false }) fields: readonly FactKind[] = [];
  @property({ attribute: false }) choices: Choices = {};
  /** With the address of each, for a list of a whole municipality. */
  @property({ type: Boolean }) addressed = false;
  @state() private rejecting: number | null = null;
  readonly #deciding = new Done(this);

  static override styles = [controls, cardStyle];

  async #decide(item: Proposal, decision: string, reason: string | null = null): Promise<void> {
    const text = t(
      decision === "accepted"
        ? "proposal.accepted"
        : decision === "rejected"
          ? "proposal.rejected"
          : "proposal.reopened",
    );
    await this.#deciding.run(async () => {
      const card = await cardApi.decide(item.id, decision, reason);
      const undo =
        decision === "pending" ? null : (): Promise<UnitCard> => cardApi.decide(item.id, "pending");
      this.rejecting = null;
      this.emit("card-saved", { card, text, undo });
    });
  }

  #value(item: Proposal, value: Proposal["new_value"]): string {
    const fact = this.fields.find((one) => one.name === item.field);
    return fact ? factText(fact, value, this.choices) : t("unknown");
  }

  #what(item: Proposal) {
    const label = choiceLabel(this.choices, "card_field", item.field);
    if (item.field === "photo")
      return html`<strong>${label}</strong>${item.photo_id === null ? nothing : html`<img src=${cardApi.photo(item.photo_id)} alt=${t("card.photo_alt", { address: item.address })} />`}`;
    return html`<strong>${label}</strong>: <span class="was">${this.#value(item, item.old_value)}</span> → <strong>${this.#value(item, item.new_value)}</strong>
      ${
        item.decision === "pending" && item.value_now !== null && item.value_now !== item.old_value
          ? html`<span class="small">(${t("proposal.now", { value: this.#value(item, item.value_now) })})</span>`
          : nothing
      }`;
  }

  #open(item: Proposal) {
    if (this.rejecting === item.id)
      return html`<form @submit=${(event: SubmitEvent) => {
        event.preventDefault();
        void this.#decide(
          item,
          "rejected",
          String(new FormData(event.target as HTMLFormElement).get("reason")),
        );
      }}>
        <label class="wide">${t("proposal.reason")} <input class="field" name="reason" required maxlength="1000" /></label>
        <div class="bar wide"><button class="button primary">${t("proposal.reject")}</button>
          <button type="button" class="button" @click=${() => this.#reject(null)}>${t("card.cancel")}</button></div>
      </form>`;
    const label = choiceLabel(this.choices, "card_field", item.field);
    return html`<div class="bar">
      <button class="button" ?disabled=${this.#deciding.isBusy} aria-label=${`${t("proposal.accept")}: ${label}`} @click=${() => void this.#decide(item, "accepted")}>${t("proposal.accept")}</button>
      <button class="button" aria-label=${`${t("proposal.reject")}: ${label}`} @click=${() => this.#reject(item.id)}>${t("proposal.reject")}</button>
    </div>`;
  }

  #reject(id: number | null): void {
    this.rejecting = id;
  }

  #row(item: Proposal) {
    return html`<li>
      ${this.addressed ? html`<button class="quiet" style="padding:0" @click=${() => this.emit("unit-select", { id: item.shop_unit_id })}>${item.address}</button>` : nothing}
      <p>${this.#what(item)}</p>
      <p class="small muted">${choiceLabel(this.choices, "card_role", item.role)}, ${shortDate(item.made_at)}${
        item.decision === "pending"
          ? nothing
          : html` · ${choiceLabel(this.choices, "proposal_decision", item.decision)}: ${item.decided_by}${item.reason ? ` (${item.reason})` : ""}`
      }</p>
      ${item.decision === "pending" ? this.#open(item) : html`<button class="quiet" style="padding:0" @click=${() => void this.#decide(item, "pending")}>${t("proposal.take_back")}</button>`}
    </li>`;
  }

  protected override render() {
    const open = this.items.filter((one) => one.decision === "pending");
    const decided = this.items.filter((one) => one.decision !== "pending");
    return html`<div class="box">
      <h4>${t("proposal.title", { n: open.length })}</h4>
      ${open.length ? html`<ul class="rows">${open.map((one) => this.#row(one))}</ul>` : html`<p class="small">${t("proposal.none")}</p>`}
      ${decided.length ? html`<details><summary>${t("proposal.decided", { n: decided.length })}</summary><ul class="rows">${decided.map((one) => this.#row(one))}</ul></details>` : nothing}
      ${this.#deciding.draw()}
    </div>`;
  }
}
