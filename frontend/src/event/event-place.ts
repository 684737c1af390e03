import { html, nothing, type PropertyValues } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import { api } from "../api/client.ts";
import type { EventChoices, EventDetail, EventPlace, EventRoles, EventWhere } from "../api/types.ts";
import { metres } from "../text/format.ts";
import { t } from "../text/index.ts";
import { controls } from "../ui/controls.ts";
import { KkElement } from "../ui/element.ts";
import { IDLE, type Loadable, load } from "../ui/loadable.ts";
import { type EventShape, pointPlace, usualReach } from "./draft.ts";
import { eventStyle } from "./event.css.ts";
import { readPoint } from "./words.ts";

const PLACES = ["centre", "core", "streets", "point", "zone", "same"] as const;
type PlaceKind = (typeof PLACES)[number];
// One question for a name that is typed, not one a letter.
const PAUSE_MS = 250;

/** Where an event is: pointed at or drawn on the map, chosen from a list, or typed; and which sensors are there. */
@customElement("kk-event-place")
export class KkEventPlace extends KkElement {
  @property() municipality = "";
  @property({ attribute: false }) choices: EventChoices | null = null;
  @property({ attribute: false }) event: EventDetail | null = null;
  @state() private kind: PlaceKind = "centre";
  @state() private streets: readonly string[] = [];
  @state() private core: number | null = null;
  @state() private point: EventPlace | null = null;
  @state() private zone: EventPlace | null = null;
  @state() private reach: number | null = null;
  /** What is still to be chosen before this can be saved. */
  @state() private lacking = "";
  @state() private roles: Loadable<EventRoles> = IDLE;
  #asked: AbortController | null = null;
  #timer = 0;

  static override styles = [controls, eventStyle];

  protected override willUpdate(changed: PropertyValues): void {
    if (!changed.has("event") && !changed.has("municipality")) return;
    const { event } = this;
    this.streets = event?.streets ?? [];
    this.kind = this.streets.length ? "streets" : event?.has_place ? "same" : "centre";
    this.reach = event?.reach_m ?? null;
    this.#ask();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    window.clearTimeout(this.#timer);
    this.#asked?.abort();
  }

  /** The place as it is chosen now; null while it is not whole. */
  get value(): EventWhere | null {
    const { kind, reach } = this;
    const where = (geometry: EventPlace | null, streets: string[] | null = null): EventWhere => ({
      geometry,
      streets,
      reach_m: kind === "centre" ? null : reach,
    });
    if (kind === "centre") return where(null);
    // A feast in streets keeps the point that its file gave it.
    if (kind === "streets") return this.streets.length ? where(this.#kept(), [...this.streets]) : null;
    const geometry = this.#geometry();
    return geometry && where(geometry);
  }

  /** Tell beside the field what is lacking; whether nothing is. */
  check(): boolean {
    this.lacking = this.value ? "" : this.#lacking();
    if (this.lacking) this.renderRoot.querySelector<HTMLElement>("[data-needed]")?.focus();
    const fields = [...this.renderRoot.querySelectorAll<HTMLInputElement>("input")];
    return !this.lacking && fields.every((one) => one.reportValidity());
  }

  #lacking(): string {
    if (this.kind === "streets") return t("events.street_hint");
    if (this.kind === "core") return t("evt.core_hint");
    return t(this.kind === "zone" ? "evt.zone_hint" : "events.point_hint");
  }

  #kept(): EventPlace | null {
    return (this.event?.geometry ?? null) as EventPlace | null;
  }

  #geometry(): EventPlace | null {
    if (this.kind === "point") return this.point;
    if (this.kind === "zone") return this.zone;
    if (this.kind === "same") return this.#kept();
    const core = this.choices?.cores.find(({ id }) => id === this.core);
    return this.kind === "core" ? (core?.geometry ?? null) : null;
  }

  #changed(patch: () => void): void {
    patch();
    this.lacking = "";
    this.#ask();
  }

  /** Ask which sensors the place touches, and draw it. */
  #ask(): void {
    window.clearTimeout(this.#timer);
    this.#asked?.abort();
    this.#timer = window.setTimeout(() => {
      const where = this.value;
      if (!where) {
        this.roles = IDLE;
        this.emit("event-draft", { draft: null });
        return;
      }
      this.#asked = new AbortController();
      void load(
        () => api.eventSensors(this.municipality, where),
        (value) => {
          this.roles = value;
          if (value.status !== "ready") return;
          const place = where.streets ? null : where.geometry;
          const reach = where.reach_m ?? usualReach(place);
          this.emit("event-draft", { draft: { place, reach, sensors: value.value.items } });
        },
        this.#asked.signal,
      );
    }, PAUSE_MS);
  }

  #pick(shape: EventShape): void {
    const done = (place: EventPlace) =>
      this.#changed(() => {
        if (shape === "point") this.point = place;
        else this.zone = place;
      });
    this.emit("catchment-pick", { pick: { kind: "event", shape, line: [], done } });
  }

  #addStreet(change: Event): void {
    const field = change.target as HTMLInputElement;
    if (!this.choices?.streets.includes(field.value)) return;
    const { value } = field;
    field.value = "";
    this.#changed(() => {
      if (!this.streets.includes(value)) this.streets = [...this.streets, value];
    });
  }

  #streets() {
    return html`<label
        >${t("events.street")}
        <input class="field" list="streets" autocomplete="off" data-needed @change=${(change: Event) => this.#addStreet(change)} />
        <datalist id="streets">${this.choices?.streets.map((name) => html`<option value=${name}></option>`)}</datalist>
      </label>
      <div class="chips">
        ${this.streets.map(
          (name) => html`<button
            type="button"
            class="button"
            aria-label=${t("events.street_off", { name })}
            @click=${() =>
              this.#changed(() => {
                this.streets = this.streets.filter((one) => one !== name);
              })}
          >
            ${name} ✕
          </button>`,
        )}
      </div>`;
  }

  #core() {
    return html`<label
      >${t("evt.core")}
      <select
        class="field"
        data-needed
        @change=${(change: Event) =>
          this.#changed(() => {
            this.core = Number((change.target as HTMLSelectElement).value) || null;
          })}
      >
        <option value="">${t("evt.core_none")}</option>
        ${this.choices?.cores.map(({ id, name }) => html`<option value=${id} ?selected=${id === this.core}>${name}</option>`)}
      </select>
    </label>`;
  }

  #point() {
    const [lon, lat] = (this.point?.coordinates ?? []) as number[];
    const text = lon === undefined || lat === undefined ? "" : `${lat.toFixed(5)} ${lon.toFixed(5)}`;
    return html`<button type="button" class="button" @click=${() => this.#pick("point")}>${t("evt.point_pick")}</button>
      <label
        >${t("events.point")}
        <input
          class="field"
          data-needed
          placeholder="50,888 3,430"
          .value=${text}
          @change=${(change: Event) =>
            this.#changed(() => {
              const at = readPoint((change.target as HTMLInputElement).value);
              this.point = at && pointPlace(at);
            })}
        />
      </label>`;
  }

  #zone() {
    const corners = this.zone ? (this.zone.coordinates as unknown[][])[0]!.length - 1 : 0;
    return html`<button type="button" class="button" @click=${() => this.#pick("zone")}>
        ${t(corners ? "evt.zone_again" : "evt.zone_pick")}
      </button>
      <label
        >${t("evt.zone_drawn")}
        <input class="field" readonly data-needed .value=${corners ? t("evt.corners", { n: corners }) : ""} />
      </label>`;
  }

  #inside() {
    if (this.kind === "streets") return this.#streets();
    if (this.kind === "core") return this.#core();
    if (this.kind === "point") return this.#point();
    return this.kind === "zone" ? this.#zone() : nothing;
  }

  #touched() {
    const roles = this.roles;
    if (roles.status === "error") return html`<kk-error .error=${roles.error} plain></kk-error>`;
    if (roles.status !== "ready") return nothing;
    const { items, least_controls: least } = roles.value;
    const named = (role: string) => items.filter((one) => one.role === role).map(({ name }) => name);
    const others = items.filter(({ role }) => role === "control" || role === "near_control");
    const away = others.map(({ name, town, is_own: isOwn, distance_m: distance }) =>
      isOwn && distance !== null ? `${name} (${metres(distance)})` : `${name} (${town})`,
    );
    const inside = named("treated");
    const doors = named("door");
    const line = (title: string, names: readonly string[]) =>
      names.length ? html`<p class="small"><strong>${title}</strong> ${names.join(", ")}</p>` : nothing;
    return html`<div class="touched" role="status" aria-label=${t("evt.sensors")}>
      ${inside.length ? line(t("evt.inside"), inside) : html`<p class="small warn">${t("evt.nobody")}</p>`}
      ${line(t("evt.doors"), doors)} ${line(t("evt.against"), away)} ${line(t("evt.too_near"), named("between"))}
      ${others.length < least ? html`<p class="small warn">${t("evt.few_controls")}</p>` : nothing}
    </div>`;
  }

  protected override render() {
    const has = { core: this.choices?.cores.length, same: this.event?.has_place };
    const offered = PLACES.filter((kind) => (kind === "core" || kind === "same" ? has[kind] : true));
    return html`<fieldset>
      <legend>${t("events.where")}</legend>
      ${offered.map(
        (kind) => html`<label class="radio"
          ><input
            type="radio"
            name="place"
            .checked=${this.kind === kind}
            @change=${() =>
              this.#changed(() => {
                this.kind = kind;
              })}
          />
          ${t(`event_where.${kind}`)}</label
        >`,
      )}
      ${this.#inside()}
      ${this.lacking ? html`<p class="small warn" role="alert">${this.lacking}</p>` : nothing}
      ${
        this.kind === "centre"
          ? nothing
          : html`<label
              >${t("events.reach")}
              <input
                class="field"
                type="number"
                min="10"
                max="5000"
                .value=${String(this.reach ?? "")}
                @change=${(change: Event) =>
                  this.#changed(() => {
                    this.reach = Number((change.target as HTMLInputElement).value) || null;
                  })}
            /></label>`
      }
      ${this.#touched()}
    </fieldset>`;
  }
}
