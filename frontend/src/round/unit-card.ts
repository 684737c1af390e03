import { html, nothing } from "lit";
import { customElement, property, query, state } from "lit/decorators.js";
import type { RoundStatus, RoundStop } from "../api/types.ts";
import { t } from "../text/index.ts";
import { controls } from "../ui/controls.ts";
import { KkElement } from "../ui/element.ts";
import { icon } from "../ui/icons.ts";
import type { KkRoundChange } from "./change.ts";
import { restOf, type Said, stopsOf } from "./observing.ts";
import { phoneControls } from "./phone.css.ts";
import { cardStyles } from "./unit-card.css.ts";
import type { Walk } from "./walk.ts";
import { described, knownOf, saidText, sameText, streetName } from "./words.ts";

/** One shop unit: what the register says, and the buttons that say what is there. */
@customElement("kk-round-unit")
export class KkRoundUnit extends KkElement {
  @property({ attribute: false }) walk!: Walk;
  @property({ attribute: false }) stop!: RoundStop;
  @property({ type: Number }) turn = 0;
  @state() private asked: RoundStatus = "occupied";
  @state() private isSure = false;
  @query("kk-round-change") private change!: KkRoundChange;
  @query("input[type=file]") private file!: HTMLInputElement;

  static override styles = [controls, phoneControls, cardStyles];

  protected override willUpdate(changed: Map<string, unknown>): void {
    if (changed.has("stop")) this.isSure = false;
  }

  async #ask(status: RoundStatus): Promise<void> {
    this.asked = status;
    await this.updateComplete;
    this.change.open();
  }

  #say(said: Said): void {
    this.emit("say", said);
  }

  #photo(): void {
    const file = this.file.files?.[0];
    this.file.value = "";
    if (file) this.emit("photo", file);
  }

  #facts() {
    const { stop, walk } = this;
    const word = walk.words.get(stop.unit_id);
    const others = walk.others.filter((one) => one.unit_id === stop.unit_id && one.officer !== walk.officer);
    const photos = walk.photosOf(stop);
    const isVacant = stop.state === "vacant" ? "vacant" : "";
    return html`<div class="card">
      <h2 id="address" tabindex="-1">${stop.address}</h2>
      <p class="muted small">${t("round.register_says")} · ${t(`round.side.${stop.side}`)}</p>
      <p class="now ${isVacant}">${described(
        { state: stop.state, occupant_name: stop.occupant_name, branch_code: stop.branch_code },
        walk.branches,
      )}</p>
      <p class="small">${knownOf(stop, walk.branches).join(" · ")}</p>
      ${stop.is_ended ? html`<p class="message small">${t("round.ended")}</p>` : nothing}
      ${word ? html`<p class="said">${icon("check", 20)} ${t("round.said", { what: saidText(word, walk.branches) })}</p>` : nothing}
      ${others.map(
        (one) =>
          html`<p class="small">${t("round.other_said", { officer: one.officer, what: saidText(one, walk.branches) })}</p>`,
      )}
      ${
        photos
          ? html`<p class="small" role="status">${t("round.photo_of", { n: photos })}${word ? "" : ` · ${t("round.photo_waits")}`}</p>`
          : nothing
      }
    </div>`;
  }

  /** The two or three that are pressed most, lowest, where the thumb is. */
  #big() {
    const { state: now } = this.stop;
    const change = now === "vacant" ? t("round.let") : t("round.changed");
    return html`<div class="big">
      ${now === "vacant" ? nothing : html`<button class="tap empty" @click=${() => this.#say({ status: "vacant" })}>${t("round.now_vacant")}</button>`}
      <button class="tap" @click=${() => void this.#ask("occupied")}>${change}</button>
      ${
        now === "unknown"
          ? nothing
          : html`<button class="tap main same" @click=${() => this.#say({ status: "same" })}>${icon("check", 24)} ${sameText(now)}</button>`
      }
    </div>`;
  }

  #small() {
    const isShop = this.stop.state !== "non_retail";
    return html`<details>
      <summary class="tap">${t("round.more")}</summary>
      <div class="others">
        ${isShop ? html`<button class="tap" @click=${() => this.#say({ status: "non_retail" })}>${t("round.non_retail")}</button>` : nothing}
        <button class="tap" @click=${() => void this.#ask("not_found")}>${t("round.not_found")}</button>
        <button class="tap" @click=${() => void this.#ask("new_unit")}>${t("round.new_unit")}</button>
        <button class="tap" @click=${() => this.file.click()}>${t("round.photo")}</button>
        ${this.#rest()}
      </div>
    </details>`;
  }

  #rest() {
    const { walk, stop } = this;
    const rest = restOf(stopsOf(walk.taken.stops, stop.street), walk.seen);
    if (rest.length < 2) return nothing;
    if (!this.isSure) {
      return html`<button class="tap wide" @click=${() => {
        this.isSure = true;
      }}>${t("round.rest", { n: rest.length })}</button>`;
    }
    return html`<div class="wide sure">
      <button class="tap" @click=${() => {
        this.isSure = false;
      }}>${t("round.cancel")}</button>
      <button class="tap main" @click=${() => this.emit("rest", rest)}>${t("round.rest_sure", { n: rest.length })}</button>
    </div>`;
  }

  #undo() {
    const { last, branches, taken } = this.walk;
    const first = last[0];
    if (!first) return nothing;
    const address = taken.stops.find((stop) => stop.unit_id === first.unit)?.address ?? "";
    const what =
      last.length > 1
        ? t("round.undo_many", { n: last.length })
        : t("round.undo", { what: `${address}, ${saidText(first, branches)}` });
    return html`<button class="undo" @click=${() => this.emit("take-back")}>${icon("reset", 18)} <span>${what}</span></button>`;
  }

  protected override render() {
    const { stop, walk } = this;
    const { lines } = walk.taken.streets.find((street) => street.name === stop.street) ?? { lines: [] };
    const stops = stopsOf(walk.taken.stops, stop.street);
    return html`<div class="top">
        <kk-round-strip .lines=${lines} .stops=${walk.taken.stops} .here=${stop} .seen=${walk.seen} .street=${streetName(stop.street)}></kk-round-strip>
        ${this.#facts()}
      </div>
      <div class="low">
        <div class="along">
          <button class="tap" aria-label=${t("round.previous")} ?disabled=${stops[0] === stop} @click=${() => this.emit("step", -1)}>${icon("back", 22)}</button>
          ${this.#undo()}
          <button class="tap" aria-label=${t("round.next")} ?disabled=${stops.at(-1) === stop} @click=${() => this.emit("step", 1)}>${icon("next", 22)}</button>
        </div>
        ${this.#small()} ${this.#big()}
      </div>
      <input type="file" accept="image/*" capture="environment" hidden @change=${this.#photo} />
      <kk-round-change .status=${this.asked} .branches=${walk.branches} .address=${stop.address}></kk-round-change>`;
  }
}
