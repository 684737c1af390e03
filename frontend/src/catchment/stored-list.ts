import { css, html, nothing, type PropertyValues } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import { api } from "../api/client.ts";
import type { StoredCatchment } from "../api/types.ts";
import { date, number } from "../text/format.ts";
import { t } from "../text/index.ts";
import { controls } from "../ui/controls.ts";
import { KkElement } from "../ui/element.ts";
import { icon } from "../ui/icons.ts";
import { IDLE, LOADING, type Loadable, ready } from "../ui/loadable.ts";
import { bandsText } from "./bands.ts";
import { questionOf, type StoredKey } from "./question.ts";
import { sectionStyle } from "./section.css.ts";
import { staleText } from "./stale-text.ts";

/** The catchments that the municipality keeps: open, compute anew, rename, remove and take that back, compare. */
@customElement("kk-stored-list")
export class KkStoredList extends KkElement {
  @property() municipality = "";
  @property({ attribute: false }) opened: StoredKey | null = null;
  @property({ attribute: false }) versus: StoredKey | null = null;
  /** Counts up when something was stored elsewhere. */
  @property({ type: Number }) version = 0;
  @state() private items: Loadable<StoredCatchment[]> = IDLE;
  @state() private removed: StoredCatchment | null = null;
  @state() private naming: number | null = null;
  @state() private busy: number | null = null;
  @state() private error: unknown = null;

  static override styles = [
    controls,
    sectionStyle,
    css`
      :host {
        display: block;
      }
      li {
        padding: 8px 0 6px;
        border-bottom: 1px solid var(--line);
      }
      li[aria-current] {
        margin: 0 -10px;
        padding: 8px 10px 6px;
        background: var(--accent-weak);
      }
      .open {
        padding: 0;
        border: 0;
        background: none;
        color: var(--accent);
        font-weight: 600;
        text-align: left;
        overflow-wrap: anywhere;
      }
      .open:hover {
        text-decoration: underline;
      }
      .tools {
        display: flex;
        flex-wrap: wrap;
        margin: 2px 0 0 -8px;
      }
      .tools .quiet {
        font-size: 13.5px;
      }
      .undo {
        display: flex;
        align-items: center;
        justify-content: space-between;
        gap: 8px;
        margin-top: 8px;
        padding: 6px 12px;
        border-radius: var(--radius);
        background: var(--ink);
        color: #fff;
      }
      .undo .quiet {
        color: #fff;
        text-decoration: underline;
      }
      .undo .quiet:hover {
        background: #33434b;
      }
      .undo .quiet:focus-visible {
        outline-color: #fff;
      }
      form {
        display: grid;
        grid-template-columns: 1fr auto;
        gap: 6px;
      }
    `,
  ];

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has("municipality")) this.removed = null;
    if (changed.has("municipality") || changed.has("version")) void this.#load();
  }

  async #load(): Promise<void> {
    const { municipality } = this;
    if (!municipality) return;
    if (this.items.status !== "ready") this.items = LOADING;
    try {
      const { items } = await api.storedCatchments(municipality);
      if (municipality === this.municipality) this.items = { status: "ready", value: items };
    } catch (error) {
      if (municipality === this.municipality) this.items = { status: "error", error };
    }
  }

  /** Do something to one of them, and show the list as it is afterwards. */
  async #act(id: number, act: () => Promise<unknown>): Promise<boolean> {
    this.busy = id;
    this.error = null;
    try {
      await act();
      await this.#load();
      return true;
    } catch (error) {
      this.error = error;
      return false;
    } finally {
      this.busy = null;
    }
  }

  #open(item: StoredCatchment): void {
    this.emit("question-open", { question: questionOf(item.parameters, { id: item.id, run: null }) });
  }

  async #recompute(item: StoredCatchment): Promise<void> {
    if (await this.#act(item.id, () => api.recomputeCatchment(item.id))) {
      this.emit("catchment-recomputed", { id: item.id });
    }
  }

  async #remove(item: StoredCatchment): Promise<void> {
    if (!(await this.#act(item.id, () => api.removeCatchment(item.id)))) return;
    this.removed = item;
    if (this.opened?.id === item.id) this.emit("catchment-ask", { patch: { stored: null, versus: null } });
    await this.updateComplete;
    this.renderRoot.querySelector<HTMLElement>(".undo button")?.focus();
  }

  async #restore(item: StoredCatchment): Promise<void> {
    if (await this.#act(item.id, () => api.restoreCatchment(item.id))) this.removed = null;
  }

  #name(id: number | null): void {
    this.naming = id;
    void this.updateComplete.then(() =>
      this.renderRoot.querySelector<HTMLInputElement>("form input")?.select(),
    );
  }

  async #rename(event: Event, item: StoredCatchment): Promise<void> {
    event.preventDefault();
    const name = this.renderRoot.querySelector<HTMLInputElement>("form input")!.value.trim();
    if (!name) return;
    if (await this.#act(item.id, () => api.renameCatchment(item.id, name))) {
      this.naming = null;
      this.emit("catchment-recomputed", { id: item.id });
    }
  }

  #form(item: StoredCatchment) {
    return html`<form
      @submit=${(event: Event) => void this.#rename(event, item)}
      @keydown=${(event: KeyboardEvent) => {
        if (event.key !== "Escape") return;
        event.stopPropagation();
        this.#name(null);
      }}
    >
      <input class="field" required maxlength="120" aria-label=${t("stored.name")} .value=${item.name} />
      <button class="button primary">${t("stored.save")}</button>
    </form>`;
  }

  #tools(item: StoredCatchment) {
    const { opened, versus } = this;
    const isCompared = versus?.id === item.id;
    const named = (key: "stored.recompute" | "stored.rename" | "stored.remove" | "stored.compare") =>
      `${t(key)}: ${item.name}`;
    return html`<div class="tools">
      ${
        opened && opened.id !== item.id
          ? html`<button
            class="quiet"
            aria-pressed=${isCompared}
            aria-label=${named("stored.compare")}
            @click=${() => this.emit("catchment-ask", { patch: { versus: isCompared ? null : { id: item.id, run: null } } })}
          >
            ${t(isCompared ? "stored.comparing" : "stored.compare")}
          </button>`
          : nothing
      }
      <button class="quiet" ?disabled=${this.busy !== null} aria-label=${named("stored.recompute")} @click=${() => void this.#recompute(item)}>
        ${t("stored.recompute")}
      </button>
      <button class="quiet" aria-label=${named("stored.rename")} @click=${() => this.#name(item.id)}>${t("stored.rename")}</button>
      <button class="quiet" ?disabled=${this.busy !== null} aria-label=${named("stored.remove")} @click=${() => void this.#remove(item)}>
        ${t("stored.remove")}
      </button>
    </div>`;
  }

  #row(item: StoredCatchment) {
    const people = item.largest?.population;
    const facts = [
      t(`catchment.${item.mode}`),
      bandsText(
        [...item.bands].sort((a, b) => a - b),
        item.unit,
      ),
      typeof people === "number" ? t("stored.people", { count: number(people) }) : null,
      item.is_scenario ? t("stored.is_scenario") : null,
    ];
    return html`<li aria-current=${this.opened?.id === item.id ? "true" : nothing}>
      ${
        this.naming === item.id
          ? this.#form(item)
          : html`<button class="open" @click=${() => this.#open(item)}>${item.name}</button>`
      }
      <p class="small muted">${facts.filter(Boolean).join(" · ")}</p>
      <p class="small muted">
        ${t("stored.computed", { date: date(item.computed_at) })}
        ${item.is_stale ? html`<span class="badge warn" title=${staleText(item.stale_because)}>${t("stored.stale")}</span>` : nothing}
      </p>
      ${item.is_stale ? html`<p class="small">${staleText(item.stale_because)}</p>` : nothing}
      ${this.#tools(item)}
    </li>`;
  }

  #inside() {
    const { items } = this;
    if (items.status === "error") {
      return html`<kk-error
        .error=${items.error}
        @retry=${(event: Event) => {
          event.stopPropagation();
          void this.#load();
        }}
      ></kk-error>`;
    }
    const list = ready(items);
    if (!list)
      return html`<div class="skeleton" style="height:60px" role="status" aria-label=${t("loading")}></div>`;
    if (list.length === 0) return html`<p class="small muted">${t("stored.none")}</p>`;
    return html`<ul aria-label=${t("stored.title")}>
      ${list.map((item) => this.#row(item))}
    </ul>`;
  }

  protected override render() {
    const removed = this.removed;
    const count = ready(this.items)?.length;
    return html`<h2>${t("stored.title")} ${count ? html`<span class="badge num">${count}</span>` : nothing}</h2>
      ${
        removed
          ? html`<div class="undo" role="status">
            <span>${t("stored.removed", { name: removed.name })}</span>
            <button class="quiet" @click=${() => void this.#restore(removed)}>${icon("reset", 16)} ${t("undo")}</button>
          </div>`
          : nothing
      }
      ${this.error ? html`<kk-catchment-error .error=${this.error} plain></kk-catchment-error>` : nothing} ${this.#inside()}`;
  }
}
