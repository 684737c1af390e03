import { html, nothing } from "lit";
import { customElement, state } from "lit/decorators.js";
import type { FactValue } from "../api/card.ts";
import { finderApi, type PublicContact, type PublicUnit, type PublicUnits } from "../api/finder.ts";
import { number } from "../text/format.ts";
import { LANGUAGES, labelOf, language, preferredLanguage, setLanguage, t } from "../text/index.ts";
import { Asked } from "../ui/asked.ts";
import { controls } from "../ui/controls.ts";
import { KkElement } from "../ui/element.ts";
import { finderStyle } from "./finder.css.ts";
import "./finder-map.ts";
import { ANYTHING, found, SUITS, type Suits, type Wanted } from "./wanted.ts";

const ASKED = new URLSearchParams(location.search);

/** Vacant units that their owners published, for anybody: a list, a map and a few questions. */
@customElement("kk-finder")
export class KkFinder extends KkElement {
  @state() private wanted: Wanted = ANYTHING;
  @state() private chosen: number | null = null;
  readonly #municipality = ASKED.get("m");
  readonly #isEmbedded = ASKED.has("embed");
  readonly #units = new Asked(this, (signal) => finderApi.units(this.#municipality, signal));
  readonly #ground = new Asked(this, (signal) => finderApi.ground(this.#municipality, signal));

  static override styles = [controls, finderStyle];

  override connectedCallback(): void {
    super.connectedCallback();
    const asked = ASKED.get("lang");
    setLanguage(preferredLanguage(asked ? [asked] : navigator.languages));
    void this.#units.anew();
    void this.#ground.anew();
  }

  protected override updated(): void {
    document.documentElement.lang = language();
    document.title = `${t("finder.title")} · Kernkaart`;
  }

  #ask(event: Event): void {
    const given = new FormData((event.currentTarget as HTMLFormElement) ?? undefined);
    const figure = (name: string) => {
      const text = String(given.get(name) ?? "").trim();
      return text && Number.isFinite(Number(text)) ? Number(text) : null;
    };
    this.wanted = {
      town: String(given.get("town") ?? "") || null,
      min_m2: figure("min_m2"),
      max_m2: figure("max_m2"),
      max_rent: figure("max_rent"),
      suits: (String(given.get("suits") ?? "") || null) as Suits | null,
    };
  }

  #choose(id: number, isFromMap: boolean): void {
    this.chosen = id;
    if (isFromMap)
      void this.updateComplete.then(() =>
        this.renderRoot.querySelector(`#unit-${id}`)?.scrollIntoView({ block: "nearest" }),
      );
  }

  #filters({ towns }: PublicUnits) {
    return html`<form class="filters" aria-label=${t("finder.filters")} @input=${(event: Event) => this.#ask(event)} @submit=${(event: Event) => event.preventDefault()}>
      ${
        towns.length > 1
          ? html`<label>${t("finder.town")} <select class="field" name="town"><option value="">${t("finder.any")}</option>
            ${towns.map((town) => html`<option value=${town.nis_code}>${labelOf(town, "name")}</option>`)}</select></label>`
          : nothing
      }
      <label>${t("finder.min_m2")} <input class="field" type="number" name="min_m2" min="0" inputmode="numeric" /></label>
      <label>${t("finder.max_m2")} <input class="field" type="number" name="max_m2" min="0" inputmode="numeric" /></label>
      <label>${t("finder.max_rent")} <input class="field" type="number" name="max_rent" min="0" inputmode="numeric" /></label>
      <label>${t("finder.suits")} <select class="field" name="suits"><option value="">${t("finder.any")}</option>
        ${SUITS.map((use) => html`<option value=${use}>${t(`finder_use.${use}`)}</option>`)}</select></label>
    </form>`;
  }

  #fact(told: PublicUnits, name: string, value: FactValue): string {
    const field = told.fields.find((one) => one.name === name);
    if (!field || value === null) return t("unknown");
    if (field.kind === "flag") return value ? t("yes") : t("no");
    if (field.kind === "code") {
      const code = told.choices[field.scheme ?? ""]?.find((one) => one.code === value);
      return code ? labelOf(code) : String(value);
    }
    if (typeof value !== "number") return String(value);
    const text = number(value, Number.isInteger(value) ? 0 : 1);
    if (field.unit === "eur") return `€ ${text}`;
    if (field.unit === "eur_per_month") return t("card.eur_per_month", { value: text });
    if (field.unit === "months") return t("card.months", { value: text });
    return field.unit === "m2" ? `${text} m²` : field.unit === "m" ? `${text} m` : text;
  }

  #passage({ passage_class: code, footfall_class: kind }: NonNullable<PublicUnit["surroundings"]>) {
    const told = code ?? (kind && t(`street_footfall.${kind}`));
    return told ? html`<dt>${t("finder.passage")}</dt><dd>${told}</dd>` : nothing;
  }

  #contact(contact: PublicContact | null) {
    if (!contact) return html`<p class="small muted">${t("finder.no_contact")}</p>`;
    const { contact: reach, organisation } = contact;
    const link = /^\S+@\S+\.\S+$/.test(reach)
      ? `mailto:${reach}`
      : /^[+0][\d\s/.-]{7,}$/.test(reach)
        ? `tel:${reach.replace(/[^\d+]/g, "")}`
        : null;
    return html`<p>${t("finder.contact")}: ${organisation ?? ""} ${link ? html`<a href=${link}>${reach}</a>` : reach}</p>`;
  }

  #unit(told: PublicUnits, unit: PublicUnit, place: number) {
    const town = told.towns.find(({ nis_code }) => nis_code === unit.nis_code);
    const { facts, surroundings } = unit;
    const isOpen = unit.id === this.chosen;
    const first = (["floor_area_m2", "rent_eur_per_month", "price_eur"] as const).filter(
      (name) => name in facts,
    );
    const rest = Object.keys(facts).filter((name) => !first.includes(name as never));
    return html`<li id="unit-${unit.id}" class=${isOpen ? "chosen" : ""}>
      <button class="head" aria-expanded=${isOpen} @click=${() => this.#choose(unit.id, false)}>
        <span class="place" aria-hidden="true">${place}</span>
        <span><strong>${unit.address}</strong> <span class="small muted">${unit.place ?? (town ? labelOf(town, "name") : "")}</span><br />
          <span class="small">${first.map((name) => this.#fact(told, name, facts[name]!)).join(" · ") || t("finder.ask_for_facts")}</span></span>
      </button>
      ${
        isOpen
          ? html`<div class="more">
            ${unit.has_photo ? html`<img src=${finderApi.photo(unit.id)} alt=${t("card.photo_alt", { address: unit.address })} />` : nothing}
            <dl>
              ${rest.map((name) => html`<dt>${labelOf(told.fields.find((one) => one.name === name) ?? {})}</dt><dd>${this.#fact(told, name, facts[name]!)}</dd>`)}
              ${
                surroundings
                  ? html`${this.#passage(surroundings)}
                    ${surroundings.parking_spaces === null ? nothing : html`<dt>${t("card.parking")}</dt><dd>${t("card.parking_row", { n: number(surroundings.parking_spaces), m: surroundings.parking_within_m })}</dd>`}
                    ${surroundings.stop ? html`<dt>${t("card.stops")}</dt><dd>${surroundings.stop} (${surroundings.stop_m} m)</dd>` : nothing}`
                  : nothing
              }
            </dl>
            ${this.#contact(unit.contact ?? town?.contact ?? null)}
          </div>`
          : nothing
      }
    </li>`;
  }

  #body(told: PublicUnits) {
    if (!told.items.length)
      return html`<kk-empty .heading=${t("finder.empty")} .text=${t("finder.empty_hint")}>${told.towns.map((town) => (town.contact ? this.#contact(town.contact) : nothing))}</kk-empty>`;
    const { fits, may } = found(told.items, this.wanted);
    const shown = [...fits, ...may];
    const list = (units: readonly PublicUnit[], from: number) =>
      html`<ol class="units">${units.map((unit, i) => this.#unit(told, unit, from + i + 1))}</ol>`;
    return html`<div class="both" @unit-choose=${(event: CustomEvent<{ id: number }>) => this.#choose(event.detail.id, true)}>
      <div class="side">
        ${this.#filters(told)}
        <p class="count" role="status">${t("finder.count", { n: fits.length, of: told.items.length })}</p>
        ${list(fits, 0)}
        ${may.length ? html`<h2>${t("finder.may", { n: may.length })}</h2><p class="small muted">${t("finder.may_hint")}</p>${list(may, fits.length)}` : nothing}
        ${shown.length ? nothing : html`<kk-empty .heading=${t("finder.nothing")} .text=${t("finder.nothing_hint")}></kk-empty>`}
        <p class="small muted foot">${t("finder.foot")}</p>
      </div>
      <kk-finder-map .ground=${this.#ground.value} .units=${shown} .chosen=${this.chosen}></kk-finder-map>
    </div>`;
  }

  protected override render() {
    const told = this.#units.value;
    return html`<div class="page">
      <header>
        <h1>${t("finder.title")}</h1>
        ${told?.towns.some(({ is_demo }) => is_demo) ? html`<span class="badge warn">${t("demo.badge")}</span>` : nothing}
        <div role="group" aria-label=${t("header.language")}>
          ${LANGUAGES.map((code) => html`<button class="quiet" lang=${code} aria-pressed=${code === language()} @click=${() => setLanguage(code)}>${code.toUpperCase()}</button>`)}
        </div>
        ${this.#isEmbedded ? html`<a class="small" target="_blank" rel="noopener" href=${`finder${this.#municipality ? `?m=${this.#municipality}` : ""}`}>${t("finder.whole")}</a>` : nothing}
      </header>
      <main>${this.#units.draw((value) => this.#body(value))}</main>
    </div>`;
  }
}
