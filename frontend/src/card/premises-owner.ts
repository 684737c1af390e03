import { html, nothing } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import { cardApi, type OwnerLink, type UnitCard } from "../api/card.ts";
import { date } from "../text/format.ts";
import { t } from "../text/index.ts";
import { Done } from "../ui/asked.ts";
import { controls } from "../ui/controls.ts";
import { KkElement } from "../ui/element.ts";
import { icon } from "../ui/icons.ts";
import { cardStyle } from "./card.css.ts";
import { choiceLabel } from "./values.ts";

/** What the owner agreed to publish, and the links with which owner or broker fill in their own form. */
@customElement("kk-premises-owner")
export class KkPremisesOwner extends KkElement {
  @property({ attribute: false }) card!: UnitCard;
  @state() private link = "";
  readonly #doing = new Done(this);

  static override styles = [controls, cardStyle];

  protected override willUpdate(changed: Map<string, unknown>): void {
    const before = changed.get("card") as UnitCard | undefined;
    if (before && before.shop_unit !== this.card.shop_unit) this.link = "";
  }

  #saved(card: UnitCard, text: string, undo: () => Promise<UnitCard>): void {
    this.emit("card-saved", { card, text, undo });
  }

  async #record(event: SubmitEvent): Promise<void> {
    event.preventDefault();
    const given = new FormData(event.target as HTMLFormElement);
    const { shop_unit } = this.card;
    await this.#doing.run(async () => {
      const card = await cardApi.consent(shop_unit, {
        fields: given.getAll("fields").map(String),
        role: String(given.get("role")),
        given_via: String(given.get("given_via")),
      });
      this.#saved(card, t("card.consent_saved"), () => cardApi.withdraw(shop_unit));
    });
  }

  async #withdraw(): Promise<void> {
    const { shop_unit } = this.card;
    await this.#doing.run(async () => {
      const card = await cardApi.withdraw(shop_unit);
      this.#saved(card, t("card.consent_withdrawn"), () => cardApi.consentAgain(shop_unit));
    });
  }

  async #make(event: SubmitEvent): Promise<void> {
    event.preventDefault();
    const role = String(new FormData(event.target as HTMLFormElement).get("role"));
    const { shop_unit } = this.card;
    await this.#doing.run(async () => {
      const card = await cardApi.addLink(shop_unit, role);
      this.link = new URL(`owner.html#${card.token}`, location.href).href;
      const newest = card.links[0]!;
      this.#saved(card, t("card.link_made"), () => cardApi.revokeLink(shop_unit, newest.id));
    });
  }

  async #revoke(link: OwnerLink): Promise<void> {
    const { shop_unit } = this.card;
    await this.#doing.run(async () => {
      const card = await cardApi.revokeLink(shop_unit, link.id);
      this.link = "";
      this.#saved(card, t("card.link_revoked"), () => cardApi.restoreLink(shop_unit, link.id));
    });
  }

  #consent() {
    const { consent, publishable, choices } = this.card;
    const roles = (choices.card_role ?? []).map(
      (one) => html`<option value=${one.code}>${choiceLabel(choices, "card_role", one.code)}</option>`,
    );
    if (consent)
      return html`<p>${icon("check", 16)} ${t("card.consent_on", { role: choiceLabel(choices, "card_role", consent.role).toLowerCase(), on: date(consent.agreed_at), via: choiceLabel(choices, "consent_via", consent.given_via).toLowerCase() })}</p>
        <p class="small muted">${consent.fields.map((name) => choiceLabel(choices, "card_field", name)).join(", ")}</p>
        <div><button class="button" ?disabled=${this.#doing.isBusy} @click=${() => void this.#withdraw()}>${t("card.consent_withdraw")}</button></div>`;
    return html`<p class="small">${t("card.consent_none")}</p>
      <details>
        <summary>${t("card.consent_record")}</summary>
        <form @submit=${(event: SubmitEvent) => void this.#record(event)}>
          <label>${t("card.consent_role")} <select class="field" name="role">${roles}</select></label>
          <label>${t("card.consent_via")} <select class="field" name="given_via">
            ${(choices.consent_via ?? []).filter((one) => one.code !== "link").map((one) => html`<option value=${one.code}>${choiceLabel(choices, "consent_via", one.code)}</option>`)}</select></label>
          <fieldset class="wide"><legend class="wide">${t("card.consent_what")}</legend>
            ${publishable.map((name) => html`<label class="check"><input type="checkbox" name="fields" value=${name} checked /> ${choiceLabel(choices, "card_field", name)}</label>`)}
          </fieldset>
          <button class="button primary wide" ?disabled=${this.#doing.isBusy}>${t("card.consent_save")}</button>
        </form>
      </details>`;
  }

  #links() {
    const { links, choices } = this.card;
    return html`${
      this.link
        ? html`<div class="done"><span class="small">${t("card.link_once")}<br /><code>${this.link}</code></span>
          <button class="button" @click=${() => void navigator.clipboard?.writeText(this.link)}>${t("card.link_copy")}</button></div>`
        : nothing
    }
    <ul class="rows small">
      ${links
        .filter((one) => one.is_open)
        .map(
          (
            one,
          ) => html`<li class="bar">${t("card.link_row", { role: choiceLabel(choices, "card_role", one.role), until: date(one.expires_at), by: one.made_by })}
          <button class="quiet" @click=${() => void this.#revoke(one)}>${t("card.link_revoke")}</button></li>`,
        )}
    </ul>
    <form class="bar" style="display:flex" @submit=${(event: SubmitEvent) => void this.#make(event)}>
      <select class="field" name="role" aria-label=${t("card.link_for")}>
        ${(choices.card_role ?? []).map((one) => html`<option value=${one.code}>${choiceLabel(choices, "card_role", one.code)}</option>`)}
      </select>
      <button class="button" ?disabled=${this.#doing.isBusy}>${icon("link", 16)} ${t("card.link_make")}</button>
    </form>`;
  }

  protected override render() {
    return html`<div class="box"><h4>${t("card.public")}</h4>${this.#consent()}</div>
      <div class="box" style="margin-top:8px"><h4>${t("card.owner_form")}</h4>
        <p class="small">${t("card.owner_form_lead")}</p>
        ${this.#links()}</div>
      ${this.#doing.draw()}`;
  }
}
