import { html, nothing, type PropertyValues } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import { type ErasurePreview, type Person, personsApi } from "../api/persons.ts";
import { t } from "../text/index.ts";
import { Asked, Done } from "../ui/asked.ts";
import { controls } from "../ui/controls.ts";
import { KkElement } from "../ui/element.ts";
import { personStyle } from "./persons.css.ts";

/** What an erasure would take and leave, and the erasure itself once somebody says it is meant. */
@customElement("kk-contact-erase")
export class KkContactErase extends KkElement {
  @property({ attribute: false }) person!: Person;
  @state() private isSure = false;
  readonly #preview = new Asked(this, () => personsApi.preview(this.person.id));
  readonly #done = new Done(this);

  static override styles = [controls, personStyle];

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has("person")) void this.#preview.anew();
  }

  override focus(): void {
    this.renderRoot.querySelector<HTMLElement>("h4")?.focus();
  }

  async #erase(preview: ErasurePreview): Promise<void> {
    if (await this.#done.run(() => personsApi.erase(this.person.id, preview.version)))
      this.emit("contact-erased");
  }

  #all(preview: ErasurePreview) {
    const goes = [
      t("person.erase_row", { n: preview.n_ties, changes: preview.n_changes }),
      preview.n_notes_blanked ? t("person.erase_notes", { n: preview.n_notes_blanked }) : null,
      preview.n_cases_blanked ? t("person.erase_titles", { n: preview.n_cases_blanked }) : null,
      preview.n_documents_blanked ? t("person.erase_documents", { n: preview.n_documents_blanked }) : null,
    ];
    const stays = [
      preview.cases_kept.length ? t("person.erase_cases", { n: preview.cases_kept.length }) : null,
      preview.documents_kept.length
        ? t("person.erase_documents_look", { n: preview.documents_kept.length })
        : null,
      t("person.erase_log", { n: preview.n_log_kept }),
    ];
    const list = (words: (string | null)[]) =>
      html`<ul class="small">${words.map((word) => (word ? html`<li>${word}</li>` : nothing))}</ul>`;
    return html`<p class="small"><strong>${t("person.erase_goes")}</strong></p>${list(goes)}
      <p class="small"><strong>${t("person.erase_stays")}</strong></p>${list(stays)}
      <label class="check"><input type="checkbox" .checked=${this.isSure} @change=${(event: Event) => {
        this.isSure = (event.target as HTMLInputElement).checked;
      }} /> ${t("person.erase_sure")}</label>
      <div class="bar">
        <button class="button primary" ?disabled=${!this.isSure || this.#done.isBusy} @click=${() => void this.#erase(preview)}>${t("person.erase_now")}</button>
        <button class="button" @click=${() => this.emit("contact-cancel")}>${t("person.cancel")}</button>
      </div>
      ${this.#done.draw()}`;
  }

  protected override render() {
    return html`<section class="erase">
      <h4 tabindex="-1">${t("person.erase_title", { name: this.person.full_name })}</h4>
      ${this.#preview.draw((preview) => this.#all(preview))}
    </section>`;
  }
}
