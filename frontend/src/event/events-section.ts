import { html, nothing, type PropertyValues, type TemplateResult } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import { api, apiUrl } from "../api/client.ts";
import type { EventChoices, EventDetail, EventHeld, EventList, EventListed } from "../api/types.ts";
import { date } from "../text/format.ts";
import { language, registerCodes, t, tCode } from "../text/index.ts";
import { controls } from "../ui/controls.ts";
import { KkElement } from "../ui/element.ts";
import { LOADING, type Loadable, load, ready } from "../ui/loadable.ts";
import { eventStyle } from "./event.css.ts";
import { rangeText, signed } from "./words.ts";
import "./event-card.ts";
import "./event-form.ts";

interface Listed {
  event: EventListed;
  held: EventHeld;
}

/** The register of events by year, each with what it changed; one of them; and the form. */
@customElement("kk-events")
export class KkEvents extends KkElement {
  @property() municipality = "";
  @state() private list: Loadable<EventList> = LOADING;
  @state() private choices: EventChoices | null = null;
  @state() private chosen: { id: number; day: string | null } | null = null;
  @state() private editing: { event: EventDetail | null } | null = null;
  @state() private removed: { id: number; name: string } | null = null;
  @state() private failure: unknown = null;
  @state() private kind = "";
  #asked: AbortController | null = null;

  static override styles = [controls, eventStyle];

  constructor() {
    super();
    const on = (name: string, does: (detail: never) => void) =>
      this.addEventListener(name, (event) => {
        event.stopPropagation();
        does((event as CustomEvent).detail as never);
      });
    on("retry", () => this.#load());
    on("event-close", () => this.#close());
    on("event-cancelled", () => this.#close());
    on("event-edit", ({ id }: { id: number }) => void this.#edit(id));
    on("event-saved", ({ id }: { id: number }) => {
      this.editing = null;
      this.chosen = { id, day: null };
      this.#load();
    });
    on("event-remove", (what: { id: number; name: string }) => void this.#remove(what));
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#asked?.abort();
  }

  protected override updated(changed: PropertyValues): void {
    // What was drawn for a form leaves the map with it.
    if (changed.get("editing" as never) && !this.editing) {
      this.emit("event-draft", { draft: null });
      this.emit("catchment-pick", { pick: null });
    }
  }

  protected override willUpdate(changed: PropertyValues): void {
    if (!changed.has("municipality")) return;
    this.chosen = null;
    this.editing = null;
    this.removed = null;
    if (this.municipality) this.#load();
  }

  #load(): void {
    this.#asked?.abort();
    this.#asked = new AbortController();
    const { signal } = this.#asked;
    void load(
      async () => {
        const [list, choices] = await Promise.all([
          api.events(this.municipality, signal),
          api.eventChoices(this.municipality, signal),
        ]);
        registerCodes("event_kind", choices.kinds);
        this.choices = choices;
        return list;
      },
      (value) => {
        this.list = value;
      },
      signal,
    );
  }

  #close(): void {
    if (this.editing?.event) this.editing = null;
    else {
      this.editing = null;
      this.chosen = null;
    }
  }

  async #edit(id: number | null): Promise<void> {
    this.failure = null;
    try {
      this.editing = { event: id === null ? null : await api.event(id) };
      await this.updateComplete;
      this.renderRoot.querySelector<HTMLElement>("kk-event-form")?.focus();
    } catch (error) {
      this.failure = error;
    }
  }

  async #remove(what: { id: number; name: string }): Promise<void> {
    this.failure = null;
    try {
      await api.removeEvent(what.id);
      this.removed = what;
      this.editing = null;
      this.chosen = null;
      this.#load();
    } catch (error) {
      this.failure = error;
    }
  }

  async #restore(id: number): Promise<void> {
    this.failure = null;
    try {
      await api.restoreEvent(id);
      this.removed = null;
      this.#load();
    } catch (error) {
      this.failure = error;
    }
  }

  /** Every time by year, the latest first; what comes every week is told apart. */
  #years({ items }: EventList): [string, Listed[]][] {
    const years = new Map<string, Listed[]>();
    for (const event of items) {
      if (event.is_regular || (this.kind && event.kind !== this.kind)) continue;
      for (const held of event.held) {
        const year = held.first_on.slice(0, 4);
        years.set(year, [...(years.get(year) ?? []), { event, held }]);
      }
    }
    for (const rows of years.values()) rows.sort((a, b) => (a.held.first_on < b.held.first_on ? 1 : -1));
    return [...years].sort(([a], [b]) => (a < b ? 1 : -1));
  }

  #effect({ held }: Listed, today: string): TemplateResult {
    const { effect } = held;
    if (held.first_on > today) return html`<span class="effect"><small>${t("events.to_come")}</small></span>`;
    if (!effect) return html`<span class="effect"><small>${t("events.not_yet")}</small></span>`;
    if (effect.effect_share === null) {
      return html`<span class="effect"><small>${tCode("event_reason", effect.reason)}</small></span>`;
    }
    const part = { lower: effect.lower_share, upper: effect.upper_share, reason: effect.reason };
    const isSure = effect.verdict === "more" || effect.verdict === "less";
    return html`<span class="effect num ${isSure ? effect.verdict : "muted"}"
      >${isSure ? signed(effect.effect_share) : t("events.unclear")}<small>${rangeText(part)}</small></span
    >`;
  }

  #row(row: Listed, today: string): TemplateResult {
    const { event, held } = row;
    const day = new Date(`${held.first_on}T00:00:00Z`);
    const text = new Intl.DateTimeFormat(language(), {
      day: "numeric",
      month: "short",
      timeZone: "UTC",
    }).format(day);
    return html`<li>
      <button
        class="row"
        @click=${() => {
          this.chosen = { id: event.id, day: held.first_on };
        }}
      >
        <span class="when num">${text}</span>
        <span class="what"><strong>${event.name}</strong><span class="small muted">${tCode("event_kind", event.kind)}</span></span>
        ${this.#effect(row, today)}
      </button>
    </li>`;
  }

  #regular({ items }: EventList) {
    const rows = items.filter((event) => event.is_regular);
    if (!rows.length) return nothing;
    return html`<details class="small">
      <summary>${t("events.regular", { n: rows.length })}</summary>
      <p>${t("events.regular_note")}</p>
      <ul>
        ${rows.map(
          (event) => html`<li>
            <button class="quiet" @click=${() => void this.#edit(event.id)}>${event.name}</button>
            <span class="muted">${tCode("event_kind", event.kind)}</span>
          </li>`,
        )}
      </ul>
    </details>`;
  }

  #bar(list: EventList) {
    const kinds = [...new Set(list.items.filter((event) => !event.is_regular).map(({ kind }) => kind))];
    return html`<div class="bar">
      <button class="button primary" @click=${() => void this.#edit(null)}>${t("events.add")}</button>
      ${
        kinds.length > 1
          ? html`<select
              class="field"
              style="width: auto"
              aria-label=${t("events.kind")}
              @change=${(change: Event) => {
                this.kind = (change.target as HTMLSelectElement).value;
              }}
            >
              <option value="">${t("events.all_kinds")}</option>
              ${kinds.map((kind) => html`<option value=${kind} ?selected=${kind === this.kind}>${tCode("event_kind", kind)}</option>`)}
            </select>`
          : nothing
      }
      ${
        list.items.length
          ? html`<a class="quiet push" download href=${apiUrl("events.csv", { municipality: this.municipality, lang: language() })}>${t("export.csv")}</a>
              <a class="quiet" download="events-${this.municipality}.geojson" href=${apiUrl("events.geojson", { municipality: this.municipality })}>${t("export.geojson")}</a>`
          : nothing
      }
    </div>`;
  }

  #undo() {
    if (!this.removed) return nothing;
    const { id, name } = this.removed;
    return html`<p class="undo" role="status">
      ${t("events.removed", { name })}
      <button class="button" @click=${() => void this.#restore(id)}>${t("events.undo")}</button>
    </p>`;
  }

  #all(list: EventList) {
    const years = this.#years(list);
    return html`${this.#bar(list)} ${this.#undo()}
      ${
        list.counted_to === null
          ? html`<p class="small">${t("events.no_counts")}</p>`
          : html`<p class="small muted">${t("events.intro", { last: date(list.counted_to) })}</p>`
      }
      ${
        list.items.length
          ? html`<div class="years">
              ${years.map(([year, rows]) => html`<section class="year"><h2>${year}</h2><ul>${rows.map((row) => this.#row(row, list.today))}</ul></section>`)}
            </div>`
          : html`<kk-empty .heading=${t("events.empty")} .text=${t("events.empty_hint")}></kk-empty>`
      }
      ${this.#regular(list)}`;
  }

  protected override render() {
    const failure = this.failure ? html`<kk-error .error=${this.failure} plain></kk-error>` : nothing;
    if (this.editing) {
      return html`${failure}<kk-event-form
          style="padding: 0"
          .municipality=${this.municipality}
          .choices=${this.choices}
          .event=${this.editing.event}
        ></kk-event-form>`;
    }
    if (this.chosen) {
      return html`${failure}<kk-event-card style="padding: 0" .event=${this.chosen.id} .day=${this.chosen.day}></kk-event-card>`;
    }
    const list = this.list;
    if (list.status === "error") return html`<kk-error .error=${list.error}></kk-error>`;
    const value = ready(list);
    return html`${failure}${value ? this.#all(value) : html`<kk-skeleton-rows count="8"></kk-skeleton-rows>`}`;
  }
}
