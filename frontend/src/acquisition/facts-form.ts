import { html, nothing } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import { CASE_ACTORS, CASE_NEEDS, CASE_ORIGINS, type CaseFacts, officer } from "../api/cases.ts";
import { api } from "../api/client.ts";
import type { CodeItem } from "../api/types.ts";
import { labelOf, t, tCode } from "../text/index.ts";
import { type Choice, keeping } from "../ui/choices.ts";
import { controls } from "../ui/controls.ts";
import { KkElement } from "../ui/element.ts";
import { caseStyle } from "./cases.css.ts";

/** What a case says of itself, to be filled in or changed; tells only what became another value. */
@customElement("kk-case-facts")
export class KkCaseFacts extends KkElement {
  /** The case that is changed; null: a new one. */
  @property({ attribute: false }) facts: CaseFacts | null = null;
  /** The unit that a new case begins with. */
  @property({ attribute: false }) unit: { id: number; address: string } | null = null;
  @state() private branches: CodeItem[] = [];

  static override styles = [controls, caseStyle];

  override connectedCallback(): void {
    super.connectedCallback();
    api.codeList("branch").then(
      ({ items }) => {
        this.branches = items;
      },
      // The branch may stay open until the list can be had.
      () => undefined,
    );
  }

  override focus(): void {
    this.renderRoot.querySelector<HTMLInputElement>("[name=title]")?.focus();
  }

  #read(form: HTMLFormElement): CaseFacts {
    const given = new FormData(form);
    const text = (name: string) => String(given.get(name) ?? "").trim() || null;
    const figure = (name: string) => (text(name) === null ? null : Number(text(name)));
    const wished = text("is_wished");
    return {
      title: text("title") ?? "",
      prospect_name: text("prospect_name"),
      branch_code: text("branch_code"),
      is_wished: wished === null ? null : wished === "yes",
      min_m2: figure("min_m2"),
      max_m2: figure("max_m2"),
      max_rent_eur_per_month: figure("rent"),
      needs: CASE_NEEDS.filter((code) => given.getAll("needs").includes(code)),
      origin: text("origin") ?? "unknown",
      acts: (text("acts") ?? "city") as CaseFacts["acts"],
      handled_by: text("handled_by"),
      next_action: text("next_action"),
      next_action_on: text("next_action_on"),
    };
  }

  #save(event: SubmitEvent): void {
    event.preventDefault();
    const read = this.#read(event.target as HTMLFormElement);
    const { facts } = this;
    const same = (name: string) =>
      facts !== null &&
      JSON.stringify(read[name as keyof CaseFacts]) === JSON.stringify(facts[name as keyof CaseFacts]);
    this.emit("case-facts", Object.fromEntries(Object.entries(read).filter(([name]) => !same(name))));
  }

  #select(name: string, label: string, options: readonly Choice[], value: string) {
    return html`<label>${label}
      <select class="field" name=${name}>
        ${options.map(([code, text]) => html`<option value=${code} ?selected=${code === value}>${text}</option>`)}
      </select></label>`;
  }

  #input(name: string, value: string | number | null | undefined, type = "text", key = name, isWide = false) {
    return html`<label class=${isWide ? "wide" : ""}>${tCode("case_fact", key)}
      <input class="field" name=${name} type=${type} min=${type === "number" ? 0 : nothing} step=${type === "number" ? "any" : nothing}
        maxlength=${name === "handled_by" ? 40 : 200} ?required=${name === "title"} autocomplete="off" .value=${String(value ?? "")} /></label>`;
  }

  #branch(value: string | null) {
    const trading = this.branches.filter((item) => item.parent_code !== "non_retail");
    const options = keeping(
      trading.map((item): Choice => [item.code, labelOf(item)]),
      value,
      tCode("branch", value),
    );
    return this.#select(
      "branch_code",
      t("case_fact.branch_code"),
      [["", t("unknown")], ...options],
      value ?? "",
    );
  }

  protected override render() {
    const { facts } = this;
    const wished = facts?.is_wished ?? null;
    const isWished = wished === null ? "" : wished ? "yes" : "no";
    return html`<form @submit=${this.#save} @keydown=${(event: KeyboardEvent) => event.stopPropagation()}>
      ${this.unit ? html`<p class="small wide">${t("case.for_unit", { address: this.unit.address })}</p>` : nothing}
      ${this.#input("title", facts?.title, "text", "title", true)}
      ${this.#input("prospect_name", facts?.prospect_name, "text", "prospect_name", true)}
      <p class="small muted wide">${t("case.no_persons")}</p>
      ${this.#branch(facts?.branch_code ?? null)}
      ${this.#select(
        "is_wished",
        t("case_fact.is_wished"),
        [
          ["", t("unknown")],
          ["yes", t("case.yes")],
          ["no", t("case.no")],
        ],
        isWished,
      )}
      ${this.#input("min_m2", facts?.min_m2, "number")} ${this.#input("max_m2", facts?.max_m2, "number")}
      ${this.#input("rent", facts?.max_rent_eur_per_month, "number", "max_rent_eur_per_month")}
      ${this.#select(
        "origin",
        t("case_fact.origin"),
        CASE_ORIGINS.map((code): Choice => [code, tCode("origin", code)]),
        facts?.origin ?? "unknown",
      )}
      <fieldset class="wide">
        <legend class="small">${t("case_fact.needs")}</legend>
        ${CASE_NEEDS.map((code) => html`<label class="check"><input type="checkbox" name="needs" value=${code} .checked=${facts?.needs.includes(code) ?? false} /> ${tCode("case_need", code)}</label>`)}
      </fieldset>
      ${this.#input("next_action", facts?.next_action, "text", "next_action", true)}
      ${this.#input("next_action_on", facts?.next_action_on, "date")}
      ${this.#select(
        "acts",
        t("case_fact.acts"),
        CASE_ACTORS.map((code): Choice => [code, tCode("case_actor", code)]),
        facts?.acts ?? "city",
      )}
      ${this.#input("handled_by", facts ? facts.handled_by : officer(), "text", "handled_by")}
      <div class="bar wide">
        <button class="button primary">${t("case.save")}</button>
        <button class="button" type="button" @click=${() => this.emit("case-cancel")}>${t("case.cancel")}</button>
      </div>
    </form>`;
  }
}
