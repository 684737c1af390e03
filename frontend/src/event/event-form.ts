import { html, nothing, type PropertyValues } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import { api } from "../api/client.ts";
import type { EventChoices, EventDetail, EventIn, EventWhere } from "../api/types.ts";
import { labelOf, t } from "../text/index.ts";
import { controls } from "../ui/controls.ts";
import { KkElement } from "../ui/element.ts";
import { eventStyle } from "./event.css.ts";
import type { KkEventPlace } from "./event-place.ts";
import { localInput, REPEATS, type Repeat, repeatOf, ruleOf } from "./words.ts";
import "./event-place.ts";

// A clock field takes years of six digits, which nobody means.
const [FIRST, LAST] = ["1990-01-01T00:00", "2199-12-31T23:59"];
const NOWHERE: EventWhere = { geometry: null, streets: null, reach_m: null };

/** Enter an event, action or measure, or change one. */
@customElement("kk-event-form")
export class KkEventForm extends KkElement {
  @property() municipality = "";
  @property({ attribute: false }) choices: EventChoices | null = null;
  /** The event that is changed; null: a new one. */
  @property({ attribute: false }) event: EventDetail | null = null;
  @state() private repeat: Repeat = "once";
  @state() private isOpenEnd = false;
  @state() private error: unknown = null;
  @state() private isBusy = false;

  static override styles = [controls, eventStyle];

  protected override willUpdate(changed: PropertyValues): void {
    if (!changed.has("event")) return;
    const { event } = this;
    this.repeat = event ? repeatOf(event.recurring_rule, event.starts_at) : "once";
    this.isOpenEnd = event !== null && event.ends_at === null;
  }

  override focus(): void {
    this.renderRoot.querySelector<HTMLInputElement>("[name=name]")?.focus();
  }

  get #where(): KkEventPlace | null {
    return this.renderRoot.querySelector<KkEventPlace>("kk-event-place");
  }

  #read(data: FormData): EventIn {
    const text = (name: string) => String(data.get(name) ?? "").trim() || null;
    const whole = (name: string) => (text(name) === null ? null : Number(text(name)));
    const instant = (name: string) => (text(name) === null ? null : new Date(text(name)!).toISOString());
    const startsAt = instant("starts")!;
    return {
      name: text("name")!,
      kind: text("kind")!,
      starts_at: startsAt,
      ends_at: this.isOpenEnd ? null : instant("ends"),
      recurring_rule: this.isOpenEnd ? null : ruleOf(this.repeat, startsAt, text("rule") ?? ""),
      cost_net_eur: whole("cost"),
      organiser: text("organiser"),
      ...(this.#where?.value ?? NOWHERE),
      note: text("note"),
    };
  }

  #isSound(form: HTMLFormElement): boolean {
    const [starts, ends] = ["starts", "ends"].map((name) =>
      form.querySelector<HTMLInputElement>(`[name=${name}]`),
    );
    ends?.setCustomValidity(!ends.value || ends.value > (starts?.value ?? "") ? "" : t("events.ends_later"));
    return form.reportValidity() && (this.#where?.check() ?? true);
  }

  async #save(submit: SubmitEvent): Promise<void> {
    submit.preventDefault();
    const form = submit.target as HTMLFormElement;
    if (!this.#isSound(form)) return;
    this.isBusy = true;
    this.error = null;
    try {
      const body = this.#read(new FormData(form));
      const { event } = this;
      const { id } = event
        ? await api.changeEvent(event.id, { ...body, version: event.version })
        : await api.addEvent(this.municipality, body);
      this.emit("event-saved", { id });
    } catch (error) {
      this.error = error;
    } finally {
      this.isBusy = false;
    }
  }

  #when() {
    const { event } = this;
    return html`<div class="two">
        <label
          >${t("events.starts")}
          <input class="field" type="datetime-local" name="starts" required min=${FIRST} max=${LAST} .value=${localInput(event?.starts_at ?? null)} @input=${unmark}
        /></label>
        ${
          this.isOpenEnd
            ? nothing
            : html`<label
                >${t("events.ends")}
                <input class="field" type="datetime-local" name="ends" required min=${FIRST} max=${LAST} .value=${localInput(event?.ends_at ?? null)} @input=${unmark}
              /></label>`
        }
      </div>
      <label class="bar"
        ><input
          type="checkbox"
          .checked=${this.isOpenEnd}
          @change=${(change: Event) => {
            this.isOpenEnd = (change.target as HTMLInputElement).checked;
          }}
        />
        ${t("events.open_end")}</label
      >
      ${this.isOpenEnd ? nothing : this.#repeats()}`;
  }

  #repeats() {
    return html`<div class="two">
      <label
        >${t("events.repeat")}
        <select
          class="field"
          @change=${(change: Event) => {
            this.repeat = (change.target as HTMLSelectElement).value as Repeat;
          }}
        >
          ${REPEATS.map((repeat) => html`<option value=${repeat} ?selected=${repeat === this.repeat}>${t(`event_repeat.${repeat}`)}</option>`)}
        </select>
      </label>
      ${
        this.repeat === "own"
          ? html`<label
              >${t("events.rule")}
              <input class="field" name="rule" required placeholder="FREQ=MONTHLY;BYDAY=1SU" .value=${this.event?.recurring_rule ?? ""}
            /></label>`
          : nothing
      }
    </div>`;
  }

  protected override render() {
    const { event } = this;
    return html`<h1>${event ? t("events.change_title", { name: event.name }) : t("events.add")}</h1>
      <form
        @submit=${(submit: SubmitEvent) => void this.#save(submit)}
        @keydown=${(press: KeyboardEvent) => {
          if (press.key !== "Escape") return;
          press.stopPropagation();
          this.emit("event-cancelled");
        }}
      >
        <div class="two">
          <label>${t("events.name")} <input class="field" name="name" required maxlength="200" .value=${event?.name ?? ""} /></label>
          <label
            >${t("events.kind")}
            <select class="field" name="kind">
              ${this.choices?.kinds.map((kind) => html`<option value=${kind.code} ?selected=${kind.code === event?.kind}>${labelOf(kind)}</option>`)}
            </select>
          </label>
        </div>
        ${this.#when()}
        <kk-event-place
          style="padding: 0"
          .municipality=${this.municipality}
          .choices=${this.choices}
          .event=${event}
        ></kk-event-place>
        <div class="two">
          <label
            >${t("events.cost_field")}
            <input class="field" type="number" name="cost" min="0" max="1000000000" step="any" .value=${String(event?.cost_net_eur ?? "")}
          /></label>
          <label>${t("events.organiser")} <input class="field" name="organiser" maxlength="200" .value=${event?.organiser ?? ""} /></label>
        </div>
        <label>${t("events.note")} <input class="field" name="note" maxlength="1000" .value=${event?.note ?? ""} /></label>
        ${this.error ? html`<kk-error .error=${this.error} plain></kk-error>` : nothing}
        <div class="bar">
          <button class="button primary" ?disabled=${this.isBusy}>${t("events.save")}</button>
          <button class="button" type="button" @click=${() => this.emit("event-cancelled")}>${t("events.cancel")}</button>
          ${
            event
              ? html`<button class="quiet push" type="button" @click=${() => this.emit("event-remove", { id: event.id, name: event.name })}>
                  ${t("events.remove")}
                </button>`
              : nothing
          }
        </div>
      </form>`;
  }
}

function unmark(input: Event): void {
  (input.target as HTMLInputElement).setCustomValidity("");
}
