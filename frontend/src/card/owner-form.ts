import { css, html, nothing } from "lit";
import { customElement, query, state } from "lit/decorators.js";
import { type OwnerForm, ownerApi } from "../api/card.ts";
import { date, shortDate } from "../text/format.ts";
import { LANGUAGES, labelOf, language, preferredLanguage, setLanguage, t } from "../text/index.ts";
import { Asked, Done } from "../ui/asked.ts";
import { controls } from "../ui/controls.ts";
import { KkElement } from "../ui/element.ts";
import { cardStyle } from "./card.css.ts";
import type { KkPhotoBlur } from "./photo-blur.ts";
import "./photo-blur.ts";
import { changedFacts, choiceLabel, factField, factText } from "./values.ts";

/** The form of an owner: what is known, what to change, what may be public. Opened with a link, without an account. */
@customElement("kk-owner-form")
export class KkOwnerForm extends KkElement {
  @state() private done = "";
  @query("kk-photo-blur") private cover!: KkPhotoBlur | null;
  #api = ownerApi(location.hash.slice(1));
  readonly #form = new Asked(this, () => this.#api.open());
  readonly #sending = new Done(this);

  static override styles = [
    controls,
    cardStyle,
    css`
      main {
        display: grid;
        gap: 18px;
        max-width: 720px;
        margin: 0 auto;
        padding: 20px 16px 60px;
      }
      h1 {
        font-size: 24px;
        line-height: 1.2;
      }
      h2 {
        font-size: 17px;
      }
      section {
        display: grid;
        gap: 10px;
        padding: 16px;
        border: 1px solid var(--line);
        border-radius: var(--radius);
        background: var(--surface);
      }
      .languages {
        display: flex;
        justify-content: flex-end;
        gap: 4px;
      }
      @media (max-width: 520px) {
        form,
        fieldset {
          grid-template-columns: 1fr;
        }
      }
    `,
  ];

  readonly #another = () => {
    this.#api = ownerApi(location.hash.slice(1));
    this.done = "";
    void this.#form.anew();
  };

  override connectedCallback(): void {
    super.connectedCallback();
    setLanguage(preferredLanguage(navigator.languages));
    window.addEventListener("hashchange", this.#another);
    void this.#form.anew();
  }

  override disconnectedCallback(): void {
    window.removeEventListener("hashchange", this.#another);
    super.disconnectedCallback();
  }

  protected override updated(): void {
    document.documentElement.lang = language();
    document.title = `${t("owner.title")} · Kernkaart`;
  }

  async #send(act: () => Promise<OwnerForm>, words: string): Promise<boolean> {
    this.done = "";
    return this.#sending.run(async () => {
      this.#form.put(await act());
      this.done = words;
    });
  }

  async #propose(event: SubmitEvent, form: OwnerForm): Promise<void> {
    event.preventDefault();
    const asked = changedFacts(event.target as HTMLFormElement, form.facts);
    await this.#send(() => this.#api.propose(asked), t("owner.sent"));
  }

  async #photo(event: SubmitEvent): Promise<void> {
    event.preventDefault();
    const target = event.target as HTMLFormElement;
    const file = new FormData(target).get("photo") as File;
    const sent = (await this.cover?.blob()) ?? file;
    if (!(await this.#send(() => this.#api.sendPhoto(sent), t("owner.sent")))) return;
    target.reset();
    await this.cover?.open(null);
  }

  async #consent(event: SubmitEvent): Promise<void> {
    event.preventDefault();
    const fields = new FormData(event.target as HTMLFormElement).getAll("fields").map(String);
    await (fields.length
      ? this.#send(() => this.#api.consent(fields), t("owner.consent_given"))
      : this.#send(() => this.#api.withdraw(), t("owner.consent_withdrawn")));
  }

  #facts(form: OwnerForm) {
    const fixed = form.facts.filter((one) => !one.may_propose);
    return html`<section aria-labelledby="h-facts">
      <h2 id="h-facts">${t("owner.facts")}</h2>
      <p class="small">${t("owner.facts_lead")}</p>
      <form @submit=${(event: SubmitEvent) => void this.#propose(event, form)}>
        ${form.facts.filter((one) => one.may_propose).map((one) => factField(one, labelOf(one), form.choices))}
        <p class="small muted wide">${t("card.no_persons_in_text")}</p>
        <button class="button primary wide" ?disabled=${this.#sending.isBusy}>${t("owner.propose")}</button>
      </form>
      <details>
        <summary>${t("owner.fixed")}</summary>
        <dl>${fixed.map((one) => html`<dt>${labelOf(one)}</dt><dd class=${one.value === null ? "none" : ""}>${factText(one, one.value, form.choices)}</dd>`)}</dl>
      </details>
    </section>`;
  }

  #waiting(form: OwnerForm) {
    if (!form.proposals.length) return nothing;
    return html`<section aria-labelledby="h-waiting">
      <h2 id="h-waiting">${t("owner.waiting")}</h2>
      <ul class="rows">
        ${form.proposals.map((one) => {
          const fact = form.facts.find(({ name }) => name === one.field);
          return html`<li>
            <strong>${choiceLabel(form.choices, "card_field", one.field)}</strong>
            ${fact ? html`: <span class="was">${factText(fact, one.old_value, form.choices)}</span> → ${factText(fact, one.new_value, form.choices)}` : nothing}
            <span class="badge ${one.decision === "pending" ? "warn" : "accent"}">${choiceLabel(form.choices, "proposal_decision", one.decision)}</span>
            <p class="small muted">${shortDate(one.made_at)}${one.reason ? ` · ${one.reason}` : ""}</p>
          </li>`;
        })}
      </ul>
    </section>`;
  }

  #public(form: OwnerForm) {
    const agreed = new Set(form.consent?.fields ?? form.publishable);
    return html`<section aria-labelledby="h-public">
      <h2 id="h-public">${t("owner.public")}</h2>
      <p>${form.consent ? t("owner.public_on", { on: date(form.consent.agreed_at) }) : t("owner.public_off")}</p>
      <p class="small">${t("owner.public_lead")}</p>
      <form @submit=${(event: SubmitEvent) => void this.#consent(event)}>
        <fieldset class="wide">
          <legend class="wide">${t("card.consent_what")}</legend>
          ${form.publishable.map(
            (name) =>
              html`<label class="check"><input type="checkbox" name="fields" value=${name} ?checked=${agreed.has(name)} /> ${choiceLabel(form.choices, "card_field", name)}</label>`,
          )}
        </fieldset>
        <div class="bar wide">
          <button class="button primary" ?disabled=${this.#sending.isBusy}>${form.consent ? t("owner.consent_change") : t("owner.consent_give")}</button>
          ${form.consent ? html`<button type="button" class="button" @click=${() => void this.#send(() => this.#api.withdraw(), t("owner.consent_withdrawn"))}>${t("owner.consent_withdraw")}</button>` : nothing}
        </div>
      </form>
    </section>`;
  }

  #picture() {
    return html`<section aria-labelledby="h-photo">
      <h2 id="h-photo">${t("owner.photo")}</h2>
      <form @submit=${(event: SubmitEvent) => void this.#photo(event)}>
        <label class="wide">${t("card.photo_file")} <input class="field" type="file" name="photo" accept="image/jpeg,image/png,image/webp" required
          @change=${(event: Event) => void this.cover?.open((event.target as HTMLInputElement).files?.[0] ?? null)} /></label>
        <kk-photo-blur class="wide"></kk-photo-blur>
        <label class="check wide"><input type="checkbox" required /> ${t("card.photo_persons")}</label>
        <button class="button wide" ?disabled=${this.#sending.isBusy}>${t("owner.photo_send")}</button>
      </form>
    </section>`;
  }

  #body(form: OwnerForm) {
    const { contact } = form;
    return html`<header class="stack">
        <h1>${form.address}</h1>
        <p>${t("owner.lead", { town: labelOf(form, "town"), until: date(form.expires_at) })}</p>
        ${contact ? html`<p class="small muted">${t("owner.ask", { organisation: contact.organisation, contact: contact.contact })}</p>` : nothing}
      </header>
      <div role="status">${this.done ? html`<div class="done">${this.done}</div>` : nothing}</div>
      ${this.#sending.draw()} ${this.#facts(form)} ${this.#waiting(form)} ${this.#picture()} ${this.#public(form)}`;
  }

  protected override render() {
    return html`<main>
      <div class="languages" role="group" aria-label=${t("header.language")}>
        ${LANGUAGES.map((code) => html`<button class="quiet" lang=${code} aria-pressed=${code === language()} @click=${() => setLanguage(code)}>${code.toUpperCase()}</button>`)}
      </div>
      ${this.#form.draw((form) => this.#body(form))}
    </main>`;
  }
}
