import { css, html, nothing } from "lit";
import { customElement, property, query, state } from "lit/decorators.js";
import { api } from "../api/client.ts";
import type { FoundPlace } from "../api/types.ts";
import { t } from "../text/index.ts";
import { controls } from "../ui/controls.ts";
import { KkElement } from "../ui/element.ts";
import { icon } from "../ui/icons.ts";
import { IDLE, LOADING, type Loadable, ready } from "../ui/loadable.ts";
import { type Place, pointAt } from "./question.ts";

const DELAY_MS = 160;
const LEAST_LETTERS = 2;

/** Find an address, a street, a shop unit, a parcel or a public place to start from. */
@customElement("kk-place-search")
export class KkPlaceSearch extends KkElement {
  @property() municipality = "";
  @property() label = "";
  @state() private found: Loadable<FoundPlace[]> = IDLE;
  @state() private active = -1;
  @query("input") private input!: HTMLInputElement;
  #timer = 0;
  #abort = new AbortController();

  static override styles = [
    controls,
    css`
      :host {
        display: block;
        position: relative;
      }
      .box {
        position: relative;
      }
      .box .icon {
        position: absolute;
        left: 10px;
        top: 10px;
        color: var(--ink-3);
        pointer-events: none;
      }
      .field {
        min-height: 38px;
        padding-left: 36px;
      }
      .found {
        position: absolute;
        z-index: 6;
        left: 0;
        right: 0;
        max-height: 300px;
        margin-top: 4px;
        overflow-y: auto;
        border: 1px solid var(--line-2);
        border-radius: var(--radius);
        background: var(--surface);
        box-shadow: var(--shadow);
      }
      .found p {
        padding: 9px 12px;
      }
      li {
        display: grid;
        grid-template-columns: 1fr auto;
        gap: 0 10px;
        padding: 7px 12px;
        cursor: pointer;
      }
      li + li {
        border-top: 1px solid var(--line);
      }
      li[aria-selected="true"],
      li:hover {
        background: var(--accent-weak);
      }
      li .muted {
        grid-column: 1 / -1;
      }
    `,
  ];

  override focus(): void {
    this.input?.focus();
  }

  #ask(text: string): void {
    window.clearTimeout(this.#timer);
    this.#abort.abort();
    this.active = -1;
    if (text.trim().length < LEAST_LETTERS) {
      this.found = IDLE;
      return;
    }
    this.#timer = window.setTimeout(() => void this.#load(text.trim()), DELAY_MS);
  }

  async #load(text: string): Promise<void> {
    this.#abort = new AbortController();
    const { signal } = this.#abort;
    if (this.found.status !== "ready") this.found = LOADING;
    try {
      const { items } = await api.findPlaces(this.municipality, text, signal);
      if (signal.aborted) return;
      this.found = { status: "ready", value: items };
      this.active = items.length ? 0 : -1;
    } catch (error) {
      if (!signal.aborted) this.found = { status: "error", error };
    }
  }

  #choose(found: FoundPlace | undefined): void {
    if (!found) return;
    const place: Place =
      (found.kind === "shop_unit" || found.kind === "parcel") && found.id !== null
        ? { kind: found.kind === "parcel" ? "parcel" : "unit", id: found.id }
        : pointAt(found.lon, found.lat, found.label);
    this.#close();
    this.input.value = "";
    this.emit("place-chosen", { place });
  }

  #close(): void {
    window.clearTimeout(this.#timer);
    this.#abort.abort();
    this.found = IDLE;
    this.active = -1;
  }

  #key(event: KeyboardEvent): void {
    const items = ready(this.found) ?? [];
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (event.key === "Escape" && this.found.status !== "idle") {
      event.stopPropagation();
      this.#close();
    } else if (event.key === "Enter") {
      event.preventDefault();
      this.#choose(items[this.active]);
    } else if (step && items.length) {
      event.preventDefault();
      this.active = (this.active + step + items.length) % items.length;
      void this.updateComplete.then(() =>
        this.renderRoot.querySelector(`#found-${this.active}`)?.scrollIntoView({ block: "nearest" }),
      );
    }
  }

  #option(item: FoundPlace, i: number) {
    const detail = [item.detail, item.is_about ? t("catchment.about_here") : null]
      .filter(Boolean)
      .join(" · ");
    return html`<li
      id="found-${i}"
      role="option"
      aria-selected=${i === this.active}
      @pointerdown=${(event: Event) => event.preventDefault()}
      @click=${() => this.#choose(item)}
    >
      <span>${item.label}</span><span class="badge">${t(`found.${item.kind}`)}</span>
      ${detail ? html`<span class="small muted">${detail}</span>` : nothing}
    </li>`;
  }

  #list() {
    const { found } = this;
    if (found.status === "idle") return nothing;
    const items = ready(found);
    if (items?.length) {
      return html`<ul id="found" class="found" role="listbox" aria-label=${t("catchment.found")}>
        ${items.map((item, i) => this.#option(item, i))}
      </ul>`;
    }
    const words = found.status === "error" ? "catchment.search_failed" : "catchment.nothing_found";
    return html`<div class="found">
      <p class="small" role="status">${t(found.status === "loading" ? "loading" : words)}</p>
    </div>`;
  }

  protected override render() {
    const isOpen = (ready(this.found)?.length ?? 0) > 0;
    return html`<div class="box" @focusout=${() => this.#close()}>
      ${icon("search")}
      <input
        class="field"
        type="search"
        role="combobox"
        autocomplete="off"
        maxlength="80"
        aria-label=${this.label}
        placeholder=${t("catchment.search_hint")}
        aria-autocomplete="list"
        aria-expanded=${isOpen}
        aria-controls=${isOpen ? "found" : nothing}
        aria-activedescendant=${this.active >= 0 ? `found-${this.active}` : nothing}
        @input=${(event: Event) => this.#ask((event.target as HTMLInputElement).value)}
        @keydown=${this.#key}
      />
      ${this.#list()}
    </div>`;
  }
}
