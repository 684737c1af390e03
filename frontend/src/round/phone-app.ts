import { html, nothing } from "lit";
import { customElement, state } from "lit/decorators.js";
import type { RoundPackage, RoundStop } from "../api/types.ts";
import {
  isLanguage,
  LANGUAGES,
  type Language,
  language,
  preferredLanguage,
  setLanguage,
  t,
} from "../text/index.ts";
import { controls } from "../ui/controls.ts";
import { KkElement } from "../ui/element.ts";
import { icon } from "../ui/icons.ts";
import { nextStop, type Said, stopsOf } from "./observing.ts";
import { phoneControls } from "./phone.css.ts";
import { phoneStyles } from "./phone-app.css.ts";
import { NoPicture } from "./shrink.ts";
import { RoundStore, StoreFull } from "./store.ts";
import { NotHere, Walk } from "./walk.ts";
import { streetName } from "./words.ts";

/** How often is tried to send while something waits. */
const AGAIN_MS = 30_000;

/** The page an officer walks with. */
@customElement("kk-round-app")
export class KkRoundApp extends KkElement {
  #store: RoundStore | null = null;
  #walk: Walk | null = null;
  #known: RoundPackage[] = [];
  #officer = "";
  @state() private turn = 0;
  @state() private error: unknown = null;
  @state() private isReady = false;
  /** What must be told of the last tap; it stays until the next one. */
  @state() private message: { text: string; isBad: boolean } | null = null;
  @state() private street: string | null = null;
  @state() private here: RoundStop | null = null;

  static override styles = [controls, phoneControls, phoneStyles];

  override connectedCallback(): void {
    super.connectedCallback();
    void this.#begin();
    for (const name of ["online", "focus", "pageshow"]) window.addEventListener(name, this.#send);
    document.addEventListener("visibilitychange", this.#send);
    window.addEventListener("hashchange", this.#opened);
    window.setInterval(() => this.#walk?.waiting.waiting && this.#send(), AGAIN_MS);
  }

  #send = () => {
    if (this.#walk && document.visibilityState === "visible") void this.#walk.send();
  };

  #opened = () => void this.#open();

  get #round(): number | null {
    const key = Number(new URLSearchParams(location.hash.slice(1)).get("round"));
    return Number.isInteger(key) && key > 0 ? key : null;
  }

  async #begin(): Promise<void> {
    try {
      this.#store = await RoundStore.open();
      this.#officer = (await this.#store.setting("officer")) ?? "";
      const wanted = await this.#store.setting("language");
      this.#speak(isLanguage(wanted) ? wanted : preferredLanguage(navigator.languages));
      // Without it a browser that runs out of room may throw away what was not sent yet.
      void navigator.storage?.persist?.().catch(() => false);
    } catch {
      this.#speak(preferredLanguage(navigator.languages));
      this.message = { text: t("round.no_store"), isBad: true };
      this.isReady = true;
      return;
    }
    await this.#open();
  }

  #speak(next: Language): void {
    setLanguage(next);
    document.documentElement.lang = next;
    document.title = `${t("round.app")} · Kernkaart`;
  }

  async #open(): Promise<void> {
    const store = this.#store;
    if (!store) return;
    this.error = null;
    this.#walk = null;
    this.#known = await store.packages();
    const round = this.#round;
    if (round && this.#officer) {
      this.isReady = false;
      try {
        this.#walk = await Walk.open(store, round, this.#officer, () => {
          this.turn += 1;
        });
        this.street = null;
        this.here = null;
        void this.#walk.send();
      } catch (error) {
        this.error = error;
      }
    }
    this.isReady = true;
  }

  async #start(event: SubmitEvent): Promise<void> {
    event.preventDefault();
    const given = new FormData(event.target as HTMLFormElement);
    this.#officer = String(given.get("officer") ?? "")
      .trim()
      .slice(0, 40);
    const round = given.get("round");
    if (!this.#officer) return;
    await this.#store?.set("officer", this.#officer);
    if (round && Number(round) !== this.#round) location.hash = `round=${round}`;
    else await this.#open();
  }

  async #change(event: Event): Promise<void> {
    const next = (event.target as HTMLSelectElement).value as Language;
    this.#speak(next);
    await this.#store?.set("language", next);
  }

  /** Do what was tapped; when it could not be kept, say so and stay where we are. */
  async #keep(act: () => Promise<void>, done: string | null = null): Promise<boolean> {
    this.message = null;
    try {
      await act();
      if (done) this.message = { text: done, isBad: false };
      return true;
    } catch (error) {
      const text =
        error instanceof StoreFull
          ? t("round.full")
          : error instanceof NoPicture
            ? t("round.photo_wrong")
            : t("round.broken", { why: String(error) });
      this.message = { text, isBad: true };
      return false;
    }
  }

  async #say(said: Said): Promise<void> {
    const [walk, here] = [this.#walk, this.here];
    if (!walk || !here) return;
    if ((await this.#keep(() => walk.say([here], said))) && said.status !== "new_unit")
      this.#goOn(here.position);
  }

  async #rest(stops: readonly RoundStop[]): Promise<void> {
    const walk = this.#walk;
    if (walk && (await this.#keep(() => walk.say(stops, { status: "same" }, true)))) this.#goOn(-1);
  }

  async #takeBack(): Promise<void> {
    const walk = this.#walk;
    const units = new Set(walk?.last.map((one) => one.unit));
    if (!walk || !units.size || !(await this.#keep(() => walk.takeBack()))) return;
    // Back to where it was said first: that is where it must be said anew.
    const stop = walk.taken.stops.find((one) => units.has(one.unit_id));
    if (stop) [this.street, this.here] = [stop.street, stop];
  }

  /** To the next unit of the street nobody saw; to the end of the street when there is none. */
  #goOn(after: number): void {
    if (this.#walk && this.street !== null) {
      this.here = nextStop(stopsOf(this.#walk.taken.stops, this.street), this.#walk.seen, after);
    }
    this.#toTop();
  }

  #enter(street: string): void {
    const stops = stopsOf(this.#walk?.taken.stops ?? [], street);
    this.message = null;
    this.street = street;
    this.here = nextStop(stops, this.#walk?.seen ?? new Set(), -1) ?? stops[0] ?? null;
    this.#toTop();
  }

  #step(by: number): void {
    const stops = stopsOf(this.#walk?.taken.stops ?? [], this.street ?? "");
    const at = stops.findIndex((stop) => stop.unit_id === this.here?.unit_id);
    this.message = null;
    this.here = stops[at + by] ?? this.here;
  }

  #toTop(): void {
    void this.updateComplete.then(() => this.renderRoot.querySelector("main")?.scrollTo(0, 0));
  }

  #begun() {
    const isNamed = this.#round !== null;
    return html`<form class="begin" @submit=${(event: SubmitEvent) => void this.#start(event)}>
      <label for="officer">${t("round.who")}</label>
      <input id="officer" name="officer" class="field tall" maxlength="40" required autocomplete="off" .value=${this.#officer} aria-describedby="who-hint" />
      <p id="who-hint" class="small muted">${t("round.who_hint")}</p>
      ${isNamed ? nothing : this.#choice()}
      ${isNamed || this.#known.length ? html`<button class="tap main">${t("round.go")}</button>` : nothing}
    </form>`;
  }

  #choice() {
    if (!this.#known.length) return html`<p class="message">${t("round.which_none")}</p>`;
    return html`<label for="round">${t("round.which")}</label>
      <select id="round" name="round" class="field tall">
        ${this.#known.map(({ round }) => html`<option value=${round.id}>${round.name}</option>`)}
      </select>`;
  }

  #done(walk: Walk, street: string) {
    const names = walk.taken.streets.map(({ name }) => name);
    const ahead = [...names.slice(names.indexOf(street) + 1), ...names];
    const next = ahead.find((name) => nextStop(stopsOf(walk.taken.stops, name), walk.seen, -1));
    return html`<div class="begin">
      <h2 tabindex="-1">${icon("check", 28)} ${t("round.street_done", { street: streetName(street) })}</h2>
      ${
        next === undefined
          ? html`<p>${t("round.all_done")}. ${t("round.all_done_hint")}</p>`
          : html`<button class="tap main" @click=${() => this.#enter(next)}>${t("round.next_street", { street: streetName(next) })}</button>`
      }
      <button class="tap" @click=${() => void this.#takeBack()} ?disabled=${walk.last.length === 0}>${
        walk.last.length > 1
          ? t("round.undo_many", { n: walk.last.length })
          : t("round.undo", { what: t("round.previous") })
      }</button>
      <button class="tap" @click=${() => {
        this.street = null;
      }}>${t("round.back")}</button>
    </div>`;
  }

  #screen(walk: Walk) {
    if (this.street === null) {
      return html`<kk-round-streets .walk=${walk} .turn=${this.turn} @street=${(event: CustomEvent<string>) => this.#enter(event.detail)}></kk-round-streets>`;
    }
    if (!this.here) return this.#done(walk, this.street);
    return html`<kk-round-unit .walk=${walk} .stop=${this.here} .turn=${this.turn}
      @say=${(event: CustomEvent<Said>) => void this.#say(event.detail)}
      @rest=${(event: CustomEvent<RoundStop[]>) => void this.#rest(event.detail)}
      @step=${(event: CustomEvent<number>) => this.#step(event.detail)}
      @take-back=${() => void this.#takeBack()}
      @photo=${(event: CustomEvent<File>) => {
        const here = this.here;
        if (here) void this.#keep(() => walk.addPhoto(event.detail, here), t("round.photo_kept"));
      }}></kk-round-unit>`;
  }

  #head(walk: Walk | null) {
    const isWalking = walk && this.street !== null;
    const stops = isWalking ? stopsOf(walk.taken.stops, this.street ?? "") : [];
    const seen = stops.filter((stop) => walk?.seen.has(stop.unit_id)).length;
    return html`<header>
      ${
        isWalking
          ? html`<button class="back" aria-label=${t("round.back")} @click=${() => {
              this.street = null;
            }}>${icon("back", 24)}</button>`
          : nothing
      }
      <h1>${isWalking ? streetName(this.street ?? "") : (walk?.taken.round.name ?? t("round.app"))}</h1>
      ${
        isWalking
          ? html`<span class="num">${t("round.of", { seen, total: stops.length })}</span>`
          : html`<select aria-label=${t("round.language")} @change=${(event: Event) => void this.#change(event)}>
              ${LANGUAGES.map((one) => html`<option value=${one} ?selected=${one === language()}>${one.toUpperCase()}</option>`)}
            </select>`
      }
    </header>`;
  }

  #wrong() {
    if (this.error instanceof NotHere)
      return html`<p class="message bad" role="alert">${t("round.not_here")}</p>`;
    return html`<kk-error .error=${this.error} @retry=${this.#opened}></kk-error>`;
  }

  protected override render() {
    const walk = this.#walk;
    return html`${this.#head(walk)}
      ${walk ? html`<kk-round-sync .state=${walk.state} .waiting=${walk.waiting} @send=${() => void walk.sendAgain()}></kk-round-sync>` : nothing}
      ${this.message ? html`<p class="message ${this.message.isBad ? "bad" : ""}" role=${this.message.isBad ? "alert" : "status"}>${this.message.text}</p>` : nothing}
      ${walk?.taken.round.closed_at ? html`<p class="message small">${t("round.closed")}</p>` : nothing}
      ${window.isSecureContext ? nothing : html`<p class="message small">${t("round.insecure")}</p>`}
      <main tabindex="-1">
        ${this.isReady ? (this.error ? this.#wrong() : walk ? this.#screen(walk) : this.#begun()) : html`<p class="begin" role="status">${t("round.loading")}</p>`}
      </main>`;
  }
}
