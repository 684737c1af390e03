import { html, nothing } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import {
  PERSON_BASES,
  PERSON_ROLES,
  PERSON_SOURCES,
  type Person,
  type PersonFacts,
  type PersonPurpose,
} from "../api/persons.ts";
import { LANGUAGES, language, t, tCode } from "../text/index.ts";
import { controls } from "../ui/controls.ts";
import { KkElement } from "../ui/element.ts";
import { personStyle } from "./persons.css.ts";
import { isWalled, PLAIN_FACTS, said } from "./rules.ts";

/** A contact to be written down or changed; tells what was filled in, or what became another value. */
@customElement("kk-contact-form")
export class KkContactForm extends KkElement {
  /** The contact that is changed; null: a new one. */
  @property({ attribute: false }) person: Person | null = null;
  /** In a case everything is for acquisition. */
  @property({ type: Boolean }) inCase = false;
  @state() private source = "self";
  @state() private purpose: PersonPurpose = "acquisition";
  @state() private basis = "";

  static override styles = [controls, personStyle];

  override willUpdate(): void {
    if (this.hasUpdated) return;
    this.basis = this.person?.legal_basis ?? "";
    this.source = this.person?.source ?? "self";
    this.purpose = this.person?.purpose ?? "acquisition";
  }

  override focus(): void {
    this.renderRoot.querySelector<HTMLInputElement>("[name=full_name]")?.focus();
  }

  #save(event: SubmitEvent): void {
    event.preventDefault();
    const given = new FormData(event.target as HTMLFormElement);
    const text = (name: string) => String(given.get(name) ?? "").trim() || null;
    const facts: Record<string, unknown> = { do_not_contact: given.has("do_not_contact") };
    for (const name of PLAIN_FACTS) facts[name] = text(name);
    const { person } = this;
    if (person) {
      this.emit("contact-save", said(facts as Partial<PersonFacts>, person));
      return;
    }
    const role = text("role");
    this.emit("contact-save", { ...facts, source: this.source, purpose: this.purpose, role });
  }

  #input(name: keyof PersonFacts, type = "text", isRequired = false, isWide = false) {
    const value = this.person?.[name];
    return html`<label class=${isWide ? "wide" : ""}>${t(`person.${name as "email"}`)}
      <input class="field" name=${name} type=${type} maxlength="200" ?required=${isRequired} autocomplete="off"
        pattern=${name === "phone" ? "[0-9+()\\/. \\-]{4,40}" : nothing} title=${name === "phone" ? t("person.phone_hint") : nothing}
        .value=${String(value ?? "")} /></label>`;
  }

  #select(
    name: string,
    label: string,
    options: readonly (readonly [string, string])[],
    value: string,
    chosen?: (value: string) => void,
    isWide = false,
  ) {
    return html`<label class=${isWide ? "wide" : ""}>${label}
      <select class="field" name=${name} required @change=${(event: Event) => chosen?.((event.target as HTMLSelectElement).value)}>
        ${options.map(([code, words]) => html`<option value=${code} ?selected=${code === value}>${words}</option>`)}
      </select></label>`;
  }

  #origin() {
    if (this.person) return nothing;
    const sources = PERSON_SOURCES.map((code) => [code, tCode("person_source", code)] as const);
    const purposes = (this.inCase ? (["acquisition"] as const) : (["acquisition", "levy"] as const)).map(
      (code) => [code, tCode("person_purpose", code)] as const,
    );
    return html`${this.#select("source", t("person.source"), sources, this.source, (code) => {
      this.source = code;
    })}
    ${this.#select("purpose", t("person.purpose"), purposes, this.purpose, (code) => {
      this.purpose = code as PersonPurpose;
    })}
    ${this.#select(
      "role",
      t("person.role"),
      PERSON_ROLES.map((code) => [code, tCode("person_role", code)] as const),
      this.inCase ? "prospect" : "owner",
    )}`;
  }

  #wall() {
    const { person, source, purpose } = this;
    if (!person && !isWalled(source, purpose)) return nothing;
    if (person?.is_for_acquisition && !person.acquisition_basis) return nothing;
    if (!person && purpose === "levy") return nothing;
    const bases = PERSON_BASES.filter((code) => source !== "kbo" || code !== "public_task");
    return html`<div class="wall stack wide">
      <p class="small"><strong>${t("person.wall_title")}</strong> ${t(source === "kbo" ? "person.wall_kbo" : "person.wall_hint")}</p>
      <label>${t("person.acquisition_basis")}
        <select class="field" name="acquisition_basis" ?required=${!person}>
          <option value="">${t("person.no_basis")}</option>
          ${bases.map((code) => html`<option value=${code} ?selected=${code === person?.acquisition_basis}>${tCode("person_legal_basis", code)}</option>`)}
        </select></label>
      <label>${t("person.acquisition_basis_note")}
        <input class="field" name="acquisition_basis_note" maxlength="200" ?required=${!person} .value=${person?.acquisition_basis_note ?? ""} /></label>
    </div>`;
  }

  protected override render() {
    const { person } = this;
    const bases = [
      ["", t("person.choose_basis")] as const,
      ...PERSON_BASES.map((code) => [code, tCode("person_legal_basis", code)] as const),
    ];
    return html`<form @submit=${this.#save} @keydown=${(event: KeyboardEvent) => event.stopPropagation()}>
      ${this.#input("full_name", "text", true, true)}
      ${this.#input("organisation", "text", false, true)}
      ${this.#input("email", "email")} ${this.#input("phone", "tel")}
      ${this.#select(
        "language",
        t("person.language"),
        LANGUAGES.map((code) => [code, t(`person.in_${code}`)] as const),
        person?.language ?? language(),
      )}
      ${this.#origin()}
      ${this.#select(
        "legal_basis",
        t("person.legal_basis"),
        bases,
        person?.legal_basis ?? "",
        (code) => {
          this.basis = code;
        },
        true,
      )}
      ${this.#input("legal_basis_note", "text", this.basis === "consent", true)}
      <p class="small muted wide">${t("person.basis_hint")}</p>
      ${this.#wall()}
      ${this.#input("informed_on", "date")} ${person?.do_not_contact ? nothing : this.#input("last_contact_on", "date")}
      <label class="wide">${t("person.note")}<textarea class="field" name="note" maxlength="4000" aria-describedby="warning" .value=${person?.note ?? ""}></textarea></label>
      <p id="warning" class="small muted wide">${t("person.note_warning")}</p>
      <label class="check wide"><input type="checkbox" name="do_not_contact" .checked=${person?.do_not_contact ?? false} /> ${t("person.do_not_contact")}</label>
      <div class="bar wide">
        <button class="button primary">${t("person.save")}</button>
        <button class="button" type="button" @click=${() => this.emit("contact-cancel")}>${t("person.cancel")}</button>
      </div>
    </form>`;
  }
}
