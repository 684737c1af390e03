import { css, html, nothing } from "lit";
import { customElement, property, query, state } from "lit/decorators.js";
import { api, apiUrl } from "../api/client.ts";
import { t } from "../text/index.ts";
import { controls } from "../ui/controls.ts";
import { KkElement } from "../ui/element.ts";
import { icon } from "../ui/icons.ts";
import { LETTERS, PLACE_COLOURS } from "./bands.ts";
import { catchmentQuery, NO_QUESTION, parametersOf, type Question } from "./question.ts";
import { sectionStyle } from "./section.css.ts";

const FORMATS = ["geojson", "csv"] as const;

/** Keep what is shown: under a name for the municipality, or as a file with shape or table. */
@customElement("kk-catchment-take")
export class KkCatchmentTake extends KkElement {
  @property({ attribute: false }) question: Question = NO_QUESTION;
  @property({ attribute: false }) names: readonly string[] = [];
  @property() municipality = "";
  @state() private isNaming = false;
  @state() private isSaving = false;
  @state() private error: unknown = null;
  @query("input") private input!: HTMLInputElement | null;

  static override styles = [
    controls,
    sectionStyle,
    css`
      :host {
        display: grid;
        gap: 8px;
      }
      form {
        display: grid;
        grid-template-columns: 1fr auto auto;
        gap: 6px;
      }
      ul {
        display: grid;
        gap: 6px;
        width: 100%;
      }
      label {
        grid-column: 1 / -1;
      }
    `,
  ];

  #name(): void {
    this.isNaming = !this.isNaming;
    this.error = null;
    void this.updateComplete.then(() => this.input?.select());
  }

  async #save(event: Event): Promise<void> {
    event.preventDefault();
    const name = this.input?.value.trim();
    const { question } = this;
    const [place] = question.places;
    if (!name || !place || this.isSaving) return;
    this.isSaving = true;
    this.error = null;
    try {
      const body = { name, municipality: this.municipality, ...parametersOf(question, place) };
      const { stored } = await api.storeCatchment(body);
      this.isNaming = false;
      // Who went on meanwhile is not taken back to what was stored.
      const isHere = question === this.question;
      this.emit("catchment-stored", { id: isHere ? (stored?.id ?? null) : null });
    } catch (error) {
      this.error = error;
    }
    this.isSaving = false;
  }

  #form() {
    const { question } = this;
    const how = t(`catchment.by_${question.mode}`);
    const suggestion = t("stored.suggestion", { name: this.names[0] ?? "", how });
    return html`<form
      @submit=${this.#save}
      @keydown=${(event: KeyboardEvent) => {
        if (event.key !== "Escape") return;
        event.stopPropagation();
        this.#name();
      }}
    >
      <label class="small" for="name">${t("stored.name")}</label>
      <input id="name" class="field" maxlength="120" required autocomplete="off" .value=${suggestion} />
      <button class="button primary" ?disabled=${this.isSaving}>${t("stored.save")}</button>
      <button class="quiet square" type="button" aria-label=${t("pick.cancel")} @click=${this.#name}>${icon("close")}</button>
    </form>`;
  }

  #file(i: number, format: (typeof FORMATS)[number]) {
    const { question, names } = this;
    const isOne = question.places.length === 1;
    const word = t(`catchment.as_${format}`);
    const { stored } = question;
    // What was kept is exported as it was computed then, not as it would be now.
    const href = stored
      ? apiUrl(`exports/catchments/${stored.id}.${format}`, { run: stored.run })
      : apiUrl(`exports/catchment.${format}`, catchmentQuery(question, question.places[i]!));
    return html`<a
      class="button"
      href=${href}
      download
      aria-label=${isOne ? nothing : `${word}: ${names[i] ?? ""}`}
      >${icon("download", 16)} ${word}</a
    >`;
  }

  #files() {
    const { places } = this.question;
    if (places.length === 1) return FORMATS.map((format) => this.#file(0, format));
    return html`<ul>
      ${places.map(
        (_, i) => html`<li class="row">
          <span class="letter" style="--place:${PLACE_COLOURS[i]}" aria-hidden="true">${LETTERS[i]}</span>
          ${FORMATS.map((format) => this.#file(i, format))}
        </li>`,
      )}
    </ul>`;
  }

  protected override render() {
    const { question } = this;
    return html`<div class="row">
        ${
          question.stored
            ? nothing
            : html`<button class="button" aria-expanded=${this.isNaming} @click=${this.#name}>
              ${icon("save")} ${t("stored.keep")}
            </button>`
        }
        ${this.#files()}
      </div>
      ${this.isNaming ? this.#form() : nothing}
      ${this.error ? html`<kk-catchment-error .error=${this.error} plain></kk-catchment-error>` : nothing}`;
  }
}
