import { html, nothing, type PropertyValues } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import { officer, setOfficer } from "../api/cases.ts";
import { type Person, type PersonIn, type PersonPurpose, personsApi } from "../api/persons.ts";
import { t, tCode } from "../text/index.ts";
import { Asked, Done } from "../ui/asked.ts";
import { controls } from "../ui/controls.ts";
import { KkElement } from "../ui/element.ts";
import { icon } from "../ui/icons.ts";
import { personStyle } from "./persons.css.ts";
import "./contact.ts";

const PURPOSES = ["acquisition", "levy"] as const;

interface Act {
  text: string;
  work: () => Promise<unknown>;
  undo: ((value: Person) => Promise<unknown>) | null;
}

/** Who is behind a unit or a case. Names are asked for only when somebody wants them, since every read is logged. */
@customElement("kk-contacts")
export class KkContacts extends KkElement {
  @property() municipality = "";
  @property({ attribute: false }) unit: number | null = null;
  @property({ attribute: false }) case: number | null = null;
  @state() private purpose: PersonPurpose = "acquisition";
  @state() private isOpen = false;
  @state() private isAdding = false;
  @state() private choices: Person[] | null = null;
  @state() private done: { text: string; undo: (() => Promise<unknown>) | null } | null = null;
  @state() private name = officer();
  readonly #counts = new Asked(this, (signal) => personsApi.counts(this.#about(), signal));
  readonly #list = new Asked(this, (signal) => personsApi.list(this.#about(), this.purpose, signal));
  readonly #doing = new Done(this);

  static override styles = [controls, personStyle];

  #about() {
    return { municipality: this.municipality, shop_unit: this.unit, case: this.case };
  }

  protected override willUpdate(changed: PropertyValues): void {
    if (!changed.has("unit") && !changed.has("case") && !changed.has("municipality")) return;
    this.isOpen = this.isAdding = false;
    this.choices = this.done = null;
    this.purpose = "acquisition";
    this.#doing.forget();
    void this.#counts.anew();
  }

  #open(): void {
    this.isOpen = true;
    void this.#list.anew();
  }

  async #act({ text, work, undo }: Act): Promise<boolean> {
    // Pressed twice, it is done once.
    if (this.#doing.isBusy) return false;
    let value: unknown;
    this.done = null;
    const isWell = await this.#doing.run(async () => {
      value = await work();
    });
    if (!isWell) return false;
    this.done = { text, undo: undo && (() => undo(value as Person)) };
    this.isAdding = false;
    this.choices = null;
    await Promise.all([this.#list.again(), this.#counts.again()]);
    return true;
  }

  #add(given: PersonIn & { role: string }): void {
    const { role, ...body } = given;
    const tie = { role, shop_unit: this.unit, case: this.case };
    const read = body.acquisition_basis ? "acquisition" : body.purpose;
    void this.#act({
      text: t("person.added", { name: body.full_name }),
      work: async () => {
        const made = await personsApi.add(this.municipality, read, { ...body, tie });
        this.purpose = read;
        return made;
      },
      undo: (made) => personsApi.erase(made.id, made.version),
    });
  }

  #choose(id: number): void {
    const person = this.choices?.find((one) => one.id === id);
    if (!person) return;
    const key = (one: Person) => one.ties.find(({ case_id: tied }) => tied === this.case)?.id ?? 0;
    void this.#act({
      text: t("person.added", { name: person.full_name }),
      work: () =>
        personsApi.tie(id, "acquisition", { role: "prospect", shop_unit: this.unit, case: this.case }),
      undo: (tied) => personsApi.untie(id, "acquisition", key(tied)),
    });
  }

  #who() {
    return html`<label>${t("person.your_name")}
      <input class="field" maxlength="40" autocomplete="name" .value=${this.name} @change=${(
        event: Event,
      ) => {
        this.name = (event.target as HTMLInputElement).value.trim();
        setOfficer(this.name);
      }} /></label>`;
  }

  #closed(n: number, overdue: number) {
    return html`<p class="small">${n ? t("person.count", { n }) : t("person.none")}
        ${overdue ? html`<span class="sign">${icon("alert", 18)} ${t("person.count_overdue", { n: overdue })}</span>` : nothing}</p>
      ${this.name ? nothing : this.#who()}
      <div class="bar"><button class="button" ?disabled=${!this.name} @click=${() => this.#open()}>${n ? t("person.show") : t("person.add_first")}</button>
        <span class="small muted">${t("person.logged")}</span></div>`;
  }

  #purpose(levy: number) {
    if (this.case !== null || (!levy && this.purpose === "acquisition")) return nothing;
    return html`<label>${t("person.looking_for")}
      <select class="field" @change=${(event: Event) => {
        this.purpose = (event.target as HTMLSelectElement).value as PersonPurpose;
        void this.#list.anew();
      }}>${PURPOSES.map((code) => html`<option value=${code} .selected=${code === this.purpose}>${tCode("person_purpose", code)}</option>`)}</select></label>`;
  }

  #more() {
    if (this.isAdding)
      return html`<div class="card"><kk-contact-form .inCase=${this.case !== null}
        @contact-save=${(event: CustomEvent) => this.#add(event.detail)}
        @contact-cancel=${() => {
          this.isAdding = false;
        }}></kk-contact-form></div>`;
    const { choices } = this;
    return html`<div class="bar">
        <button class="button" @click=${() => {
          this.isAdding = true;
          void this.updateComplete.then(() =>
            this.renderRoot.querySelector<HTMLElement>("kk-contact-form")?.focus(),
          );
        }}>${icon("plus", 16)} ${t("person.add")}</button>
        ${this.case !== null && !choices ? html`<button class="button" @click=${() => void this.#offer()}>${t("person.choose")}</button>` : nothing}
      </div>
      ${
        choices
          ? html`<label>${t("person.choose_which", { n: choices.length })}
            <select class="field" @change=${(event: Event) => this.#choose(Number((event.target as HTMLSelectElement).value))}>
              <option value="0"></option>
              ${choices.map((one) => html`<option value=${one.id}>${[one.full_name, one.organisation].filter(Boolean).join(", ")}</option>`)}
            </select></label>`
          : nothing
      }`;
  }

  async #offer(): Promise<void> {
    await this.#doing.run(async () => {
      const { items } = await personsApi.choices(this.municipality);
      this.choices = items.filter((one) => !one.ties.some(({ case_id: tied }) => tied === this.case));
    });
  }

  #opened(levy: number) {
    return html`${this.#purpose(levy)}
      ${
        this.done
          ? html`<p class="undo" role="status">${this.done.text}
            ${this.done.undo ? html`<button class="button" @click=${() => void this.#act({ text: t("person.undone"), work: this.done!.undo!, undo: null })}>${t("undo")}</button>` : nothing}</p>`
          : nothing
      }
      ${this.#doing.draw()}
      ${this.#list.draw(
        ({ items, today, n_held_back: held }) => html`
        ${items.length ? nothing : html`<p class="small muted">${t("person.none")}</p>`}
        ${items.map((person) => {
          const tie = person.ties.find((one) =>
            this.case === null ? one.shop_unit_id === this.unit : one.case_id === this.case,
          );
          return html`<kk-contact .person=${person} .purpose=${this.purpose} .today=${today} .tie=${tie ?? null}></kk-contact>`;
        })}
        ${held ? html`<p class="wall small">${t(this.purpose === "acquisition" ? "person.held_back" : "person.held_back_levy", { n: held })}</p>` : nothing}`,
      )}
      ${this.#more()}`;
  }

  protected override render() {
    return html`<section class="stack part" aria-labelledby="contacts"
      @contact-act=${(event: CustomEvent<Act>) => void this.#act(event.detail)}
      @contact-erased=${() => void this.#act({ text: t("person.erased"), work: () => Promise.resolve(), undo: null })}>
      <h3 id="contacts" tabindex="-1">${t("person.title")}</h3>
      ${this.#counts.draw(({ n, n_levy: levy, n_overdue: overdue }) => (this.isOpen ? this.#opened(levy) : this.#closed(n, overdue)))}
    </section>`;
  }
}
