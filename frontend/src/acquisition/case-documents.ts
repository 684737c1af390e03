import { html, nothing, type PropertyValues } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import { type CaseDocument, type CaseDocuments, documentsApi } from "../api/case-lists.ts";
import { fileSize, shortDate } from "../text/format.ts";
import { t, tCode } from "../text/index.ts";
import { Asked } from "../ui/asked.ts";
import { controls } from "../ui/controls.ts";
import { KkElement } from "../ui/element.ts";
import { icon } from "../ui/icons.ts";
import { caseStyle } from "./cases.css.ts";
import { caseStore } from "./store.ts";

const ACCEPTED = ".pdf,.docx,.xlsx,.pptx,.odt,.ods,.odp,.jpg,.jpeg,.png,.webp";

const given = (form: HTMLFormElement) => {
  const data = new FormData(form);
  return {
    file: data.get("file") as File | null,
    name: String(data.get("name") ?? "").trim(),
    description: String(data.get("description") ?? "").trim() || null,
  };
};

/** Documents of a case: to save, add, describe and remove. What is about persons stands with the contacts. */
@customElement("kk-case-documents")
export class KkCaseDocuments extends KkElement {
  @property({ type: Number }) case = 0;
  @state() private isAdding = false;
  @state() private described: CaseDocument | null = null;
  @state() private tooLarge: string | null = null;
  @state() private isBusy = false;
  readonly #list = new Asked(this, (signal) => (this.case ? documentsApi.list(this.case, signal) : null));
  readonly #wrote = (event: Event) => {
    const told = (event as CustomEvent<CaseDocuments | null>).detail;
    if (told?.case_id === this.case && told.items) this.#list.put(told);
    else void this.#list.again();
  };

  static override styles = [controls, caseStyle];

  override connectedCallback(): void {
    super.connectedCallback();
    caseStore.addEventListener("wrote", this.#wrote);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    caseStore.removeEventListener("wrote", this.#wrote);
  }

  protected override willUpdate(changed: PropertyValues): void {
    if (!changed.has("case")) return;
    this.isAdding = false;
    this.described = this.tooLarge = null;
    void this.#list.anew();
  }

  async #add(event: SubmitEvent, told: CaseDocuments): Promise<void> {
    event.preventDefault();
    const { file, description } = given(event.target as HTMLFormElement);
    if (!file || this.isBusy) return;
    this.tooLarge = file.size > told.most_bytes ? fileSize(file.size) : null;
    if (this.tooLarge) return;
    const id = this.case;
    this.isBusy = true;
    const done = await caseStore.act(
      () => documentsApi.add(id, file, { name: file.name, description }),
      ({ added }) => ({
        text: t("document.added", { name: file.name }),
        undo: () => documentsApi.remove(id, added),
      }),
    );
    this.isBusy = false;
    if (done) this.isAdding = false;
  }

  async #describe(event: SubmitEvent, one: CaseDocument): Promise<void> {
    event.preventDefault();
    const { name, description } = given(event.target as HTMLFormElement);
    const id = this.case;
    const was = { name: one.name, description: one.description };
    const done = await caseStore.act(
      () => documentsApi.describe(id, one.id, { name, description }, was),
      ({ items }) => {
        const now = items.find(({ id: key }) => key === one.id) ?? one;
        const said = { name: now.name, description: now.description };
        return {
          text: t("document.described", { name: now.name }),
          undo: () => documentsApi.describe(id, one.id, was, said),
        };
      },
      `describe document ${one.id}`,
    );
    if (done) this.described = null;
  }

  #remove({ id: key, name }: CaseDocument): void {
    const id = this.case;
    void caseStore.act(
      () => documentsApi.remove(id, key),
      () => ({ text: t("document.removed", { name }), undo: () => documentsApi.restore(id, key) }),
      `remove document ${key}`,
    );
  }

  #edit(one: CaseDocument) {
    return html`<form @submit=${(event: SubmitEvent) => void this.#describe(event, one)}
      @keydown=${(event: KeyboardEvent) => event.stopPropagation()} style="flex-basis: 100%">
      <label class="wide">${t("document.name")}<input class="field" name="name" required maxlength="120" .value=${one.name} /></label>
      <label class="wide">${t("document.description")}<input class="field" name="description" maxlength="500" .value=${one.description ?? ""} /></label>
      <p class="small muted wide">${t("document.warning")}</p>
      <div class="bar wide"><button class="button primary">${t("case.save")}</button>
        <button type="button" class="button" @click=${() => {
          this.described = null;
        }}>${t("case.cancel")}</button></div>
    </form>`;
  }

  #row(one: CaseDocument) {
    if (this.described?.id === one.id) return html`<li>${this.#edit(this.described)}</li>`;
    return html`<li>
      <span style="flex: 1 1 180px">
        <a class="open" href=${documentsApi.file(this.case, one.id)} download=${one.name}>${one.name}</a>
        ${one.description ? html`<br /><span class="small">${one.description}</span>` : nothing}
        <br /><span class="small muted num">${tCode("document_format", one.format)}, ${fileSize(one.size_bytes)} · ${shortDate(one.added_at)} · ${one.added_by}</span>
      </span>
      <span class="bar">
        <button class="quiet" aria-label=${t("document.describe", { name: one.name })} @click=${() => {
          this.described = one;
          void this.updateComplete.then(() =>
            this.renderRoot.querySelector<HTMLElement>("form input")?.focus(),
          );
        }}>${icon("pen", 16)}</button>
        <button class="quiet" aria-label=${t("case.remove_entry", { name: one.name })} @click=${() => this.#remove(one)}>${icon("trash", 16)}</button>
      </span>
    </li>`;
  }

  #form(told: CaseDocuments) {
    if (!this.isAdding)
      return html`<button class="button" @click=${() => {
        this.isAdding = true;
        this.tooLarge = null;
      }}>${icon("plus", 16)} ${t("document.add")}</button>`;
    return html`<form class="box" @submit=${(event: SubmitEvent) => void this.#add(event, told)}
      @keydown=${(event: KeyboardEvent) => event.stopPropagation()}>
      <label class="wide">${t("document.file", { most: fileSize(told.most_bytes) })}
        <input class="field" type="file" name="file" required accept=${ACCEPTED} /></label>
      <label class="wide">${t("document.description")}<input class="field" name="description" maxlength="500" aria-describedby="persons" /></label>
      <p id="persons" class="small wide"><strong>${t("document.warning")}</strong></p>
      ${this.tooLarge ? html`<p class="small late wide" role="alert">${t("document.too_large", { size: this.tooLarge, most: fileSize(told.most_bytes) })}</p>` : nothing}
      <div class="bar wide"><button class="button primary" ?disabled=${this.isBusy}>${this.isBusy ? t("document.sending") : t("document.send")}</button>
        <button type="button" class="button" ?disabled=${this.isBusy} @click=${() => {
          this.isAdding = false;
        }}>${t("case.cancel")}</button></div>
    </form>`;
  }

  protected override render() {
    return html`<section aria-labelledby="documents">
      <h3 id="documents">${t("document.title")}</h3>
      ${this.#list.draw(
        (told) => html`${
          told.items.length
            ? html`<ul class="rows">${told.items.map((one) => this.#row(one))}</ul>`
            : html`<p class="small muted">${t("document.none")}</p>`
        }
        <div style="margin-top: 6px">${this.#form(told)}</div>`,
        html`<kk-skeleton-rows count="1"></kk-skeleton-rows>`,
      )}
    </section>`;
  }
}
