import { html, nothing, type PropertyValues } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import { cardApi, type UnitCard, type UnitOffer } from "../api/card.ts";
import { officer, setOfficer } from "../api/cases.ts";
import { shortDate } from "../text/format.ts";
import { t, tCode } from "../text/index.ts";
import { Asked, Done } from "../ui/asked.ts";
import { controls } from "../ui/controls.ts";
import { KkElement } from "../ui/element.ts";
import { icon } from "../ui/icons.ts";
import { cardStyle } from "./card.css.ts";
import "./proposals.ts";
import { choiceLabel } from "./values.ts";

/** What a municipality offers to strangers: published units, what owners propose, and whom they ask. */
@customElement("kk-unit-offer")
export class KkUnitOffer extends KkElement {
  @property() municipality = "";
  @state() private done: { text: string; undo: (() => Promise<UnitCard>) | null } | null = null;
  readonly #offer = new Asked(this, (signal) =>
    this.municipality ? cardApi.offer(this.municipality, signal) : null,
  );
  readonly #doing = new Done(this);

  static override styles = [controls, cardStyle];

  protected override willUpdate(changed: PropertyValues): void {
    if (!changed.has("municipality")) return;
    this.done = null;
    void this.#offer.anew();
  }

  async #decided({ detail }: CustomEvent<NonNullable<typeof this.done>>): Promise<void> {
    this.done = detail;
    await this.#offer.again();
  }

  async #undo(): Promise<void> {
    const undo = this.done?.undo;
    if (!undo) return;
    await this.#doing.run(undo);
    this.done = null;
    await this.#offer.again();
  }

  async #contact(event: SubmitEvent): Promise<void> {
    event.preventDefault();
    const given = new FormData(event.target as HTMLFormElement);
    setOfficer(String(given.get("officer")).trim());
    const body = { organisation: String(given.get("organisation")), contact: String(given.get("contact")) };
    await this.#doing.run(async () => {
      this.#offer.put(await cardApi.setContact(this.municipality, body));
      this.done = { text: t("offer.contact_saved"), undo: null };
    });
  }

  #published({ published, choices }: UnitOffer) {
    if (!published.length) return html`<p class="small">${t("offer.none")}</p>`;
    return html`<ul class="rows">
      ${published.map(
        (one) => html`<li>
          <button class="quiet" style="padding:0" @click=${() => this.emit("unit-select", { id: one.shop_unit_id })}>${one.address}</button>
          <p class="small muted">
            ${one.state === "vacant" ? nothing : html`<strong>${tCode("state", one.state)}: ${t("offer.not_shown")}</strong> · `}
            ${choiceLabel(choices, "card_role", one.role)}, ${shortDate(one.agreed_at)} · ${t("offer.n_fields", { n: one.fields.length })}
          </p>
        </li>`,
      )}
    </ul>`;
  }

  #body(offer: UnitOffer) {
    const page = new URL(`finder?m=${this.municipality}`, location.href).href;
    return html`<div class="stack" style="padding:14px 16px 24px">
      <div role="status">
        ${
          this.done
            ? html`<div class="done"><span>${this.done.text}</span>
              ${this.done.undo ? html`<button class="button" ?disabled=${this.#doing.isBusy} @click=${() => void this.#undo()}>${t("undo")}</button>` : nothing}</div>`
            : nothing
        }
      </div>
      ${this.#doing.draw()}
      <kk-proposals addressed .items=${offer.proposals} .fields=${offer.fields} .choices=${offer.choices}
        @card-saved=${(event: CustomEvent) => void this.#decided(event)}></kk-proposals>
      <div class="box">
        <h4>${t("offer.title", { n: offer.published.length })}</h4>
        ${this.#published(offer)}
        <p><a class="button" href=${page} target="_blank" rel="noopener">${icon("next", 16)} ${t("offer.open")}</a></p>
        <details>
          <summary>${t("offer.embed")}</summary>
          <p class="small">${t("offer.embed_lead")}</p>
          <code>&lt;iframe src="${page}&amp;embed=1" width="100%" height="640" title="${t("finder.title")}"&gt;&lt;/iframe&gt;</code>
        </details>
      </div>
      <div class="box">
        <h4>${t("offer.contact")}</h4>
        <p class="small">${t("offer.contact_lead")}</p>
        <form @submit=${(event: SubmitEvent) => void this.#contact(event)}>
          <label>${t("offer.organisation")} <input class="field" name="organisation" required maxlength="200" .value=${offer.contact?.organisation ?? ""} /></label>
          <label>${t("offer.reach")} <input class="field" name="contact" required maxlength="200" .value=${offer.contact?.contact ?? ""} /></label>
          <label>${t("card.your_name")} <input class="field" name="officer" required maxlength="40" autocomplete="name" .value=${officer()} /></label>
          <button class="button" style="align-self:end" ?disabled=${this.#doing.isBusy}>${t("offer.contact_save")}</button>
        </form>
      </div>
    </div>`;
  }

  protected override render() {
    return this.#offer.draw((offer) => this.#body(offer));
  }
}
