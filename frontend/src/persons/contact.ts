import { html, nothing } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import { type Person, type PersonFacts, type PersonPurpose, personsApi } from "../api/persons.ts";
import { date } from "../text/format.ts";
import { t, tCode } from "../text/index.ts";
import { controls } from "../ui/controls.ts";
import { KkElement } from "../ui/element.ts";
import { icon } from "../ui/icons.ts";
import { personStyle } from "./persons.css.ts";
import "./contact-form.ts";
import "./erase.ts";

/** One contact: how to reach them, on which basis they are kept, and what may be done with it. */
@customElement("kk-contact")
export class KkContact extends KkElement {
  @property({ attribute: false }) person!: Person;
  @property() purpose: PersonPurpose = "acquisition";
  @property() today = "";
  /** The tie by which it is shown here. */
  @property({ attribute: false }) tie: Person["ties"][number] | null = null;
  @state() private doing: "edit" | "erase" | null = null;

  static override styles = [controls, personStyle];

  #change(patch: Partial<PersonFacts>, text: string): void {
    this.doing = null;
    if (!Object.keys(patch).length) return;
    const { person, purpose } = this;
    this.emit("contact-act", {
      text,
      work: () => personsApi.change(person, purpose, patch),
      undo: (changed: Person) =>
        personsApi.undo(changed, purpose === "acquisition" && !changed.is_for_acquisition ? "levy" : purpose),
    });
  }

  #untie(): void {
    const { person, purpose, tie } = this;
    if (!tie) return;
    const { role, shop_unit_id, case_id } = tie;
    this.emit("contact-act", {
      text: t("person.untied", { name: person.full_name }),
      work: () => personsApi.untie(person.id, purpose, tie.id),
      undo: () => personsApi.tie(person.id, purpose, { role, shop_unit: shop_unit_id, case: case_id }),
    });
  }

  #access(): void {
    const { id, full_name: name } = this.person;
    this.emit("contact-act", {
      text: t("person.exported", { name }),
      work: async () => {
        const address = URL.createObjectURL(await personsApi.access(id));
        const link = document.createElement("a");
        link.href = address;
        link.download = `kernkaart-person-${id}.json`;
        link.click();
        URL.revokeObjectURL(address);
      },
      undo: null,
    });
  }

  #do(what: "edit" | "erase"): void {
    this.doing = what;
    void this.updateComplete.then(() =>
      this.renderRoot
        .querySelector<HTMLElement>(what === "edit" ? "kk-contact-form" : "kk-contact-erase")
        ?.focus(),
    );
  }

  #reach() {
    const { email, phone, do_not_contact: isOff } = this.person;
    if (isOff)
      return html`<p class="sign" role="note">${icon("alert", 18)} ${t("person.not_to_contact_sign")}</p>`;
    return html`<p class="bar">
      ${email ? html`<a href="mailto:${email}">${email}</a>` : nothing}
      ${phone ? html`<a class="num" href="tel:${phone.replace(/[^+\d]/g, "")}">${phone}</a>` : nothing}
      ${email || phone ? nothing : html`<span class="small muted">${t("person.no_address")}</span>`}
    </p>`;
  }

  #information() {
    const { person, today } = this;
    if (person.informed_on)
      return html`<p class="small muted">${t("person.informed", { on: date(person.informed_on) })}</p>`;
    const text = person.is_information_overdue
      ? t("person.inform_overdue", { on: date(person.inform_by) })
      : t("person.inform_before", { on: date(person.inform_by) });
    return html`<p class=${person.is_information_overdue ? "sign small" : "small"}>
        ${person.is_information_overdue ? icon("alert", 18) : nothing} ${text}</p>
      <div><button class="button" @click=${() => this.#change({ informed_on: today }, t("person.informed_now", { name: person.full_name }))}>${icon("check", 16)} ${t("person.inform_done")}</button></div>`;
  }

  #facts() {
    const { person } = this;
    const { keep, acquisition_basis: basis } = person;
    const until = keep?.keep_until
      ? t("person.kept_until", { on: date(keep.keep_until), rule: t(`person.rule_${keep.rule as "owner"}`) })
      : t("person.kept_while_vacant");
    return html`<p class="small">
        ${tCode("person_legal_basis", person.legal_basis)}${person.legal_basis_note ? ` (${person.legal_basis_note})` : ""}
        · ${t("person.source")}: ${tCode("person_source", person.source)}
        · ${tCode("person_purpose", person.purpose)}</p>
      ${
        basis
          ? html`<p class="small">${t("person.basis_recorded", {
              basis: tCode("person_legal_basis", basis),
              note: person.acquisition_basis_note ?? "",
              by: person.acquisition_basis_by ?? "",
              on: date(person.acquisition_basis_at?.slice(0, 10) ?? ""),
            })}</p>`
          : nothing
      }
      ${person.last_contact_on ? html`<p class="small muted">${t("person.last_contact", { on: date(person.last_contact_on) })}</p>` : nothing}
      ${person.note ? html`<p class="small">${person.note}</p>` : nothing}
      <p class="small muted">${until}</p>`;
  }

  protected override render() {
    const { person, tie, today } = this;
    if (this.doing === "edit")
      return html`<div class="card"><kk-contact-form .person=${person}
        @contact-save=${(event: CustomEvent) => {
          event.stopPropagation();
          this.#change(event.detail, t("person.saved", { name: person.full_name }));
        }}
        @contact-cancel=${(event: Event) => {
          event.stopPropagation();
          this.doing = null;
        }}></kk-contact-form></div>`;
    return html`<article class="card" aria-label=${person.full_name}>
      <div><strong>${person.full_name}</strong>
        <span class="small muted">${[tie && tCode("person_role", tie.role), person.organisation].filter(Boolean).join(" · ")}</span></div>
      ${this.#reach()} ${this.#information()} ${this.#facts()}
      ${
        this.doing === "erase"
          ? html`<kk-contact-erase .person=${person} @contact-cancel=${(event: Event) => {
              event.stopPropagation();
              this.doing = null;
            }}></kk-contact-erase>`
          : html`<div class="bar">
            ${person.do_not_contact || person.last_contact_on === today ? nothing : html`<button class="quiet" @click=${() => this.#change({ last_contact_on: today }, t("person.contacted_now", { name: person.full_name }))}>${t("person.contacted")}</button>`}
            <button class="quiet" @click=${() => this.#do("edit")}>${icon("pen", 16)} ${t("person.edit")}</button>
            <button class="quiet" @click=${() => this.#access()}>${icon("download", 16)} ${t("person.access")}</button>
            ${tie ? html`<button class="quiet" @click=${() => this.#untie()}>${t("person.untie")}</button>` : nothing}
            <button class="quiet" @click=${() => this.#do("erase")}>${icon("trash", 16)} ${t("person.erase")}</button>
          </div>`
      }
    </article>`;
  }
}
