import { html, nothing, type PropertyValues } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import { type CardFact, cardApi, type UnitCard } from "../api/card.ts";
import { officer, setOfficer } from "../api/cases.ts";
import { date, metres, number, roughly, shortDate, squareMetres } from "../text/format.ts";
import { LANGUAGES, type Language, labelOf, language, t } from "../text/index.ts";
import { Asked, Done } from "../ui/asked.ts";
import { controls } from "../ui/controls.ts";
import { KkElement } from "../ui/element.ts";
import { icon } from "../ui/icons.ts";
import { cardStyle } from "./card.css.ts";
import "./premises-form.ts";
import "./premises-owner.ts";
import "./premises-photos.ts";
import "./proposals.ts";
import { factText } from "./values.ts";

const GROUPS = ["premises", "use", "terms"] as const;

/** The card of a shop unit: its facts, its surroundings, photographs, paper, and what its owner says. */
@customElement("kk-premises")
export class KkPremises extends KkElement {
  @property({ type: Number }) unit: number | null = null;
  @state() private isChanging = false;
  @state() private paper: Language = language();
  @state() private name = officer();
  /** What was done last, and how to take it back. */
  @state() private done: { text: string; undo: () => Promise<UnitCard> } | null = null;
  readonly #card = new Asked(this, (signal) => (this.unit === null ? null : cardApi.get(this.unit, signal)));
  readonly #undoing = new Done(this);

  static override styles = [controls, cardStyle];

  protected override willUpdate(changed: PropertyValues): void {
    if (!changed.has("unit")) return;
    this.isChanging = false;
    this.done = null;
    void this.#card.anew();
  }

  #take(card: UnitCard, text?: string, undo?: () => Promise<UnitCard>): void {
    this.#card.put(card);
    this.isChanging = false;
    this.done = text && undo ? { text, undo } : null;
  }

  async #undo(): Promise<void> {
    const undo = this.done?.undo;
    if (undo) await this.#undoing.run(async () => this.#take(await undo()));
  }

  #facts(card: UnitCard, group: string) {
    const rows = card.fields.filter((one) => one.group === group);
    return html`<div>
      <h4>${t(`card.${group as (typeof GROUPS)[number]}`)}</h4>
      <dl>
        ${rows.map(
          (one) => html`<dt>${labelOf(one)}</dt>
            <dd class=${one.value === null ? "none" : ""} title=${this.#source(one)}>${factText(one, one.value, card.choices)}</dd>`,
        )}
      </dl>
    </div>`;
  }

  #source({ source, on, by }: CardFact): string {
    if (!source) return "";
    const who = source === "card" ? (by ?? t("card.title")) : source;
    return on ? `${who}, ${date(on)}` : who;
  }

  #around({ around, unit }: UnitCard) {
    const { footfall } = around;
    const list = (items: readonly string[]) => (items.length ? items.join("; ") : t("card.none_known"));
    return html`<div>
      <h4>${t("card.around")}</h4>
      <dl>
        <dt>${t("card.passing")}</dt>
        <dd class=${footfall?.value == null && !footfall?.footfall_class ? "none" : ""}>
          ${
            footfall?.value == null
              ? footfall?.footfall_class
                ? html`${t(`street_footfall.${footfall.footfall_class}`)} <span class="small muted">${t("street_footfall.no_number")}</span>`
                : t("card.passing_none")
              : html`${footfall.passage_class ?? t("unknown")}: ${roughly(footfall.value)}
                ${footfall.lower === null || footfall.upper === null ? nothing : t("card.interval", { lower: roughly(footfall.lower), upper: roughly(footfall.upper) })}
                <span class="small muted">${t("card.passing_source", { source: footfall.source ?? t("unknown"), on: footfall.observed_on ?? t("unknown"), n: footfall.n_sensors })}</span>`
          }
        </dd>
        <dt>${t("card.parking")}</dt>
        <dd>${around.parking.map(({ within_m, spaces, zones, unknown }, i) => html`${i ? "; " : ""}${zones ? t("card.parking_row", { n: spaces === null ? t("unknown") : number(spaces), m: within_m }) : t("card.none_within", { m: within_m })}${unknown ? t("card.parking_more", { n: unknown }) : ""}`)}</dd>
        <dt>${t("card.stops")}</dt>
        <dd>${list(around.stops.map((one) => `${one.name ?? t("unknown")} (${metres(one.distance_m)})`))}</dd>
        <dt>${t("card.anchors")}</dt>
        <dd>${list(around.anchors.map((one) => `${one.name} (${metres(one.distance_m)})`))}</dd>
        <dt>${t("card.join")}</dt>
        <dd>
          ${
            around.joinable.length
              ? around.joinable.map(
                  (
                    one,
                  ) => html`<button class="quiet" style="padding:0;min-height:24px" @click=${() => this.emit("unit-select", { id: one.id })}>${one.address}</button>
                    ${one.floor_area_m2 !== null && unit.floor_area_m2 !== null ? t("card.join_sum", { sum: squareMetres(one.floor_area_m2 + unit.floor_area_m2) }) : ""} `,
                )
              : t("card.join_none")
          }
        </dd>
        <dt>${t("card.parcel")}</dt>
        <dd class=${unit.capakey ? "" : "none"}>${unit.capakey ?? t("unknown")}</dd>
      </dl>
    </div>`;
  }

  #print(card: UnitCard) {
    return html`<div class="bar">
      <label class="visually-hidden" for="paper">${t("card.language")}</label>
      <select
        id="paper"
        class="field"
        @change=${(event: Event) => {
          this.paper = (event.target as HTMLSelectElement).value as Language;
        }}
      >
        ${LANGUAGES.map((code) => html`<option value=${code} ?selected=${code === this.paper}>${code.toUpperCase()}</option>`)}
      </select>
      <a class="button" href=${cardApi.pdf(card.shop_unit, this.paper)} target="_blank" rel="noopener">${icon("print", 16)} ${t("card.print")}</a>
      <button class="button" @click=${() => this.#change()}>${icon("pen", 16)} ${t("card.change")}</button>
    </div>`;
  }

  #change(): void {
    this.isChanging = true;
    this.done = null;
  }

  /** Until there are accounts, whoever changes something says who that is. */
  #who() {
    return html`<label class="wide">${t("card.your_name")}
      <input class="field" maxlength="40" autocomplete="name" .value=${this.name}
        @change=${(event: Event) => {
          this.name = (event.target as HTMLInputElement).value.trim();
          setOfficer(this.name);
        }} /></label>`;
  }

  #history(card: UnitCard) {
    const labels = new Map(card.fields.map((one) => [one.name, one]));
    if (!card.changes.length) return nothing;
    return html`<details>
      <summary>${t("card.history", { n: card.changes.length })}</summary>
      <ul class="rows small">
        ${card.changes.map(
          (
            change,
          ) => html`<li>${shortDate(change.changed_at)}, ${change.changed_by}${change.undoes_id === null ? "" : ` (${t("card.taken_back")})`}:
            ${Object.entries(change.after)
              .map(([name, value]) => {
                const fact = labels.get(name);
                return fact ? `${labelOf(fact)} → ${factText(fact, value, card.choices)}` : name;
              })
              .join("; ")}</li>`,
        )}
      </ul>
    </details>`;
  }

  #body(card: UnitCard) {
    const saved = (event: CustomEvent<{ card: UnitCard; text: string; undo: () => Promise<UnitCard> }>) =>
      this.#take(event.detail.card, event.detail.text, event.detail.undo);
    return html`<div class="stack" @card-saved=${saved}>
      ${this.#print(card)}
      <div role="status">
        ${
          this.done
            ? html`<div class="done"><span>${this.done.text}</span>
              <button class="button" ?disabled=${this.#undoing.isBusy} @click=${() => void this.#undo()}>${t("undo")}</button></div>`
            : nothing
        }
      </div>
      ${this.#undoing.draw()}
      ${
        this.isChanging
          ? html`<kk-premises-form .card=${card} @card-cancel=${() => {
              this.isChanging = false;
            }}></kk-premises-form>`
          : html`${GROUPS.map((group) => this.#facts(card, group))} ${this.#around(card)}`
      }
      <kk-premises-photos .card=${card}></kk-premises-photos>
      ${card.proposals.length ? html`<kk-proposals .items=${card.proposals} .fields=${card.fields} .choices=${card.choices}></kk-proposals>` : nothing}
      <kk-premises-owner .card=${card}></kk-premises-owner>
      ${this.#history(card)} ${this.#who()}
    </div>`;
  }

  protected override render() {
    return this.#card.draw((card) => this.#body(card));
  }
}
