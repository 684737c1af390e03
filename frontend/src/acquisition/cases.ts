import { html, nothing, type PropertyValues } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import { type CaseFacts, casesApi, officer, setOfficer } from "../api/cases.ts";
import { ApiError } from "../api/client.ts";
import { t, tCode } from "../text/index.ts";
import { controls } from "../ui/controls.ts";
import { KkElement } from "../ui/element.ts";
import { icon } from "../ui/icons.ts";
import { ready } from "../ui/loadable.ts";
import { caseStyle } from "./cases.css.ts";
import { Listening } from "./listening.ts";
import { caseStore } from "./store.ts";
import "./case-board.ts";
import "./case-card.ts";
import "./case-table.ts";
import "./due-list.ts";
import "./facts-form.ts";
import "./removed-cases.ts";

const ACTORS = ["city", "owner", "prospect", "broker"] as const;

/** All cases of a municipality: what is due, the filters, and the case that is open. */
@customElement("kk-cases")
export class KkCases extends KkElement {
  @property() municipality = "";
  @property({ type: Number }) chosen: number | null = null;
  @property({ attribute: false }) choices: readonly { id: number; address: string }[] = [];
  @state() private name = officer();

  constructor() {
    super();
    new Listening(this);
  }

  static override styles = [controls, caseStyle];

  protected override willUpdate(changed: PropertyValues): void {
    if (changed.has("municipality")) caseStore.open(this.municipality);
    // Whoever opens a case has turned away from the one that was begun.
    if (changed.has("chosen") && this.chosen !== null) caseStore.beginning = null;
  }

  async #add(facts: Partial<CaseFacts>): Promise<void> {
    const unit = caseStore.beginning?.unit ?? null;
    const body = { ...facts, title: facts.title ?? "", shop_unit: unit?.id ?? null };
    const made = await caseStore.act(
      () => casesApi.add(this.municipality, body),
      (value) => ({ text: t("case.made", { title: value.title }), undo: () => casesApi.remove(value.id) }),
      "add",
    );
    if (!made) return;
    caseStore.beginning = null;
    this.emit("view-change", { case: made.id });
  }

  async #takeBack(): Promise<void> {
    await caseStore.takeBack();
    this.emit("units-changed");
    const items = ready(caseStore.list)?.items;
    // Who takes back that a case was made goes back to all of them.
    if (this.chosen && items && !items.some(({ id }) => id === this.chosen))
      this.emit("view-change", { case: null });
  }

  #who() {
    return html`<label class="small">${t("case.your_name")}
      <input class="field" maxlength="40" autocomplete="name" .value=${this.name}
        @change=${(event: Event) => {
          this.name = (event.target as HTMLInputElement).value.trim();
          setOfficer(this.name);
          caseStore.error = null;
          caseStore.tell();
        }} /></label>`;
  }

  #undo() {
    const { done, error } = caseStore;
    const isChanged = error instanceof ApiError && error.status === 412;
    if (!done && !error) return nothing;
    return html`<div class="told">${
      done
        ? html`<p class="undo" role="status">${done.text}
          ${done.undo ? html`<button class="button" @click=${() => void this.#takeBack()}>${t("undo")}</button>` : nothing}</p>`
        : nothing
    }
    ${error ? html`<kk-error .error=${error} plain></kk-error>` : nothing}
    ${isChanged ? html`<button class="button" @click=${() => void caseStore.act(() => Promise.resolve(null))}>${t("case.read_again")}</button>` : nothing}</div>`;
  }

  #filters() {
    const { filters, list } = caseStore;
    const items = list.status === "ready" ? list.value.items : [];
    const names = [...new Set(items.flatMap(({ handled_by: name }) => (name ? [name] : [])))].sort();
    return html`<div class="bar">
      <input class="field" type="search" aria-label=${t("case.search")} placeholder=${t("case.search")} .value=${filters.text}
        @input=${(event: Event) => caseStore.filter({ text: (event.target as HTMLInputElement).value })} />
      <select class="field" aria-label=${t("case_fact.acts")} @change=${(event: Event) => caseStore.filter({ acts: (event.target as HTMLSelectElement).value })}>
        <option value="">${t("case.anybody")}</option>
        ${ACTORS.map((code) => html`<option value=${code} .selected=${code === filters.acts}>${tCode("case_actor", code)}</option>`)}
      </select>
      <select class="field" aria-label=${t("case_fact.handled_by")} @change=${(event: Event) => caseStore.filter({ handledBy: (event.target as HTMLSelectElement).value })}>
        <option value="">${t("case.all_officers")}</option>
        ${names.map((name) => html`<option value=${name} .selected=${name === filters.handledBy}>${name}</option>`)}
      </select>
      <label class="check"><input type="checkbox" .checked=${filters.closed} @change=${(event: Event) => caseStore.filter({ closed: (event.target as HTMLInputElement).checked })} /> ${t("case.closed_too")}</label>
    </div>`;
  }

  #overview() {
    const { list, shown, filters } = caseStore;
    if (list.status === "error")
      return html`<kk-error .error=${list.error} @retry=${() => void caseStore.reload()}></kk-error>`;
    if (list.status !== "ready") return html`<kk-skeleton-rows count="6"></kk-skeleton-rows>`;
    const { items } = list.value;
    return html`<div class="bar">
        <button class="button primary" @click=${() => caseStore.begin(this.municipality, null)}>${icon("plus", 16)} ${t("case.new")}</button>
        <span class="small muted num" role="status">${t("case.count", { n: shown.length, of: items.length })}</span>
      </div>
      <kk-due-cases .municipality=${this.municipality}></kk-due-cases>
      ${
        items.length
          ? html`${this.#filters()} <p class="small muted">${t("case.keys")}</p>`
          : html`<kk-empty .heading=${t("case.none")} .text=${t("case.none_hint")}></kk-empty>`
      }
      ${items.length && !shown.length && !filters.closed ? html`<p class="small">${t("case.none_shown")}</p>` : nothing}
      <kk-removed-cases .municipality=${this.municipality}></kk-removed-cases>
      <kk-retention .municipality=${this.municipality}></kk-retention>`;
  }

  #inside() {
    const { beginning } = caseStore;
    if (beginning)
      return html`<div class="pad">
        <h2>${t("case.new")}</h2>
        <kk-case-facts .unit=${beginning.unit} @case-facts=${(event: CustomEvent) => void this.#add(event.detail)}
          @case-cancel=${() => {
            caseStore.beginning = null;
            caseStore.tell();
          }}></kk-case-facts>
      </div>`;
    if (this.chosen) return html`<kk-case .case=${this.chosen} .choices=${this.choices}></kk-case>`;
    return html`<div class="pad">${this.#overview()}</div>
      <slot></slot>`;
  }

  protected override render() {
    return html`<div class="pad" style="padding-bottom: 0">${this.#who()}</div>
      ${this.#undo()}
      ${this.#inside()}`;
  }
}
