import { css, html, nothing } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import { apiUrl } from "../api/request.ts";
import { LANGUAGES, type Language, language, t } from "../text/index.ts";
import { controls } from "../ui/controls.ts";
import { KkElement } from "../ui/element.ts";
import { icon } from "../ui/icons.ts";

/** As many as one file takes: of a list the first ones, in the order in which they stand. */
const MOST_ON_MAP = 60;
const MOST_SHEETS = 12;

/** Files of several units to hand on: a map that opens from an e-mail, and the package for a prospect. */
@customElement("kk-unit-files")
export class KkUnitFiles extends KkElement {
  @property({ attribute: false }) units: readonly number[] = [];
  /** A case, whose candidate units are taken. */
  @property({ type: Number }) case: number | null = null;
  /** Profile of which each unit's rank is told; empty: none. */
  @property() profile = "";
  @state() private chosen: Language = language();

  static override styles = [
    controls,
    css`
      :host {
        display: block;
      }
      div {
        display: flex;
        flex-wrap: wrap;
        gap: 6px;
        align-items: center;
      }
      .field {
        width: auto;
      }
    `,
  ];

  #url(file: string, most: number): string {
    const { units, profile, chosen: lang } = this;
    if (this.case !== null) return apiUrl(file, { case: this.case, lang });
    const named = file.endsWith(".html") ? { profile } : {};
    return apiUrl(file, { units: units.slice(0, most).map(String), lang, ...named });
  }

  protected override render() {
    const n = this.units.length;
    if (this.case === null && n === 0) return nothing;
    return html`<div role="group" aria-label=${t("files.title")}>
        <select class="field" aria-label=${t("files.language")} @change=${(event: Event) => {
          this.chosen = (event.target as HTMLSelectElement).value as Language;
        }}>
          ${LANGUAGES.map((code) => html`<option value=${code} ?selected=${code === this.chosen}>${code.toUpperCase()}</option>`)}
        </select>
        <a class="button" download href=${this.#url("shortlist.html", MOST_ON_MAP)}>${icon("pin", 16)} ${t("files.map")}</a>
        <a class="button" download href=${this.#url("prospect-package.pdf", MOST_SHEETS)}>${icon("print", 16)} ${t("files.package")}</a>
      </div>
      ${n > MOST_SHEETS ? html`<p class="small muted">${t("files.most", { map: Math.min(n, MOST_ON_MAP), sheets: MOST_SHEETS })}</p>` : nothing}`;
  }
}
