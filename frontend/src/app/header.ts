import { css, html, nothing } from "lit";
import { customElement, property } from "lit/decorators.js";
import type { Municipality } from "../api/types.ts";
import { LANGUAGES, type Language, labelOf, language, t } from "../text/index.ts";
import { controls } from "../ui/controls.ts";
import { KkElement } from "../ui/element.ts";
import { icon } from "../ui/icons.ts";

/** Name of the application, the municipality in view, and the language. */
@customElement("kk-header")
export class KkHeader extends KkElement {
  @property({ attribute: false }) municipalities: readonly Municipality[] = [];
  @property() current: string | null = null;
  @property({ type: Boolean }) demo = false;
  /** Name of whoever is signed in; null: nobody is. */
  @property() account: string | null = null;

  static override styles = [
    controls,
    css`
      :host {
        display: flex;
        align-items: center;
        gap: 14px;
        min-height: var(--header-height);
        padding: 0 16px;
        background: var(--surface);
        border-bottom: 1px solid var(--line);
      }
      .home {
        display: flex;
        align-items: center;
        gap: 9px;
        color: var(--ink);
        font-size: 18px;
        font-weight: 700;
        letter-spacing: -0.01em;
        text-decoration: none;
      }
      select {
        min-height: 34px;
        max-width: 220px;
        padding: 3px 6px;
        border: 1px solid transparent;
        border-radius: var(--radius);
        background: var(--surface);
        font-size: 17px;
        font-weight: 600;
        text-overflow: ellipsis;
        cursor: pointer;
      }
      select:hover {
        border-color: var(--line-2);
      }
      .divider {
        width: 1px;
        height: 24px;
        background: var(--line);
      }
      .space {
        flex: 1;
      }
      .languages {
        display: flex;
      }
      .languages button {
        min-width: 34px;
        min-height: 32px;
        padding: 0 6px;
        border: 0;
        border-bottom: 2px solid transparent;
        background: none;
        color: var(--ink-2);
        font-size: 14px;
        font-weight: 500;
        text-transform: uppercase;
      }
      .languages button[aria-pressed="true"] {
        border-bottom-color: var(--accent);
        color: var(--accent);
        font-weight: 700;
      }
      .account {
        max-width: 190px;
      }
      .account span {
        overflow: hidden;
        text-overflow: ellipsis;
        white-space: nowrap;
      }
      /* A tablet, or a phone on its side: what can be told by a sign is told by a sign. */
      @media (max-width: 960px) {
        .account span {
          position: absolute;
          width: 1px;
          height: 1px;
          overflow: hidden;
          clip-path: inset(50%);
        }
        :host {
          gap: 8px;
          padding: 0 10px;
        }
        .home span,
        .divider {
          display: none;
        }
        select {
          min-width: 0;
          flex: 0 1 auto;
        }
      }
      @media (max-width: 640px) {
        .sources {
          display: none;
        }
        select {
          font-size: 16px;
        }
        .languages button {
          min-width: 29px;
          padding: 0 3px;
        }
      }
      @media (max-width: 400px) {
        .badge {
          white-space: normal;
          line-height: 1.05;
          font-size: 11.5px;
          border-radius: 6px;
          padding: 3px 6px;
        }
      }
      @media print {
        .languages,
        .sources,
        .account,
        .space {
          display: none;
        }
        select {
          appearance: none;
          border: 0;
        }
      }
    `,
  ];

  #languageName(code: Language): string {
    return { nl: "Nederlands", fr: "Français", en: "English" }[code];
  }

  protected override render() {
    return html`<a class="home" href="#" aria-label=${t("header.home")} @click=${(event: Event) => {
      event.preventDefault();
      this.emit("municipality-select", { nis: null });
    }}>
        <svg width="26" height="26" viewBox="0 0 32 32" aria-hidden="true">
          <rect width="32" height="32" rx="7" fill="#0b5563" />
          <path d="M8 7v18M8 16.5 19 7M12.2 13l9 12" fill="none" stroke="#fff" stroke-width="3" stroke-linecap="round" stroke-linejoin="round" />
          <path d="m24.5 6.5 3 3-3 3-3-3z" fill="#f2a65a" />
        </svg>
        <span>Kernkaart</span>
      </a>
      ${
        this.current
          ? html`<div class="divider"></div>
            <select
              aria-label=${t("header.municipality")}
              @change=${(event: Event) =>
                this.emit("municipality-select", { nis: (event.target as HTMLSelectElement).value })}
            >
              ${this.municipalities.map(
                (item) =>
                  html`<option value=${item.nis_code} .selected=${item.nis_code === this.current}>
                    ${labelOf(item, "name")}
                  </option>`,
              )}
            </select>`
          : nothing
      }
      ${this.demo ? html`<span class="badge warn" title=${t("demo.explain")}>${t("demo.badge")}</span>` : nothing}
      <div class="space"></div>
      ${
        this.current
          ? html`<button class="quiet sources" @click=${() => this.emit("downloads-open")}>${t("download.open")}</button>`
          : nothing
      }
      <button class="quiet sources" @click=${() => this.emit("sources-open")}>${t("sources.title")}</button>
      <button class="quiet account" @click=${() => this.emit("account-open")}>
        ${icon("person", 18)}<span>${this.account ?? t("account.sign_in")}</span>
      </button>
      <div class="languages" role="group" aria-label=${t("header.language")}>
        ${LANGUAGES.map(
          (code) => html`<button
            lang=${code}
            aria-label=${`${code} – ${this.#languageName(code)}`}
            aria-pressed=${language() === code}
            @click=${() => this.emit("language-select", { language: code })}
          >
            ${code}
          </button>`,
        )}
      </div>`;
  }
}
