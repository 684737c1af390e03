import { html, nothing, type PropertyValues } from "lit";
import { customElement, property } from "lit/decorators.js";
import { type JoinedUnits, type MatchedUnit, matchApi, type UnitMatches } from "../api/match.ts";
import { date, number } from "../text/format.ts";
import { t } from "../text/index.ts";
import { Asked } from "../ui/asked.ts";
import { controls } from "../ui/controls.ts";
import { KkElement } from "../ui/element.ts";
import { icon } from "../ui/icons.ts";
import { matchStyle } from "./match.css.ts";
import { askedList, offerText, rankBadge, reasons, standingText, togetherText } from "./standing.ts";
import { matchStore } from "./store.ts";
import { metText, WITHOUT } from "./words.ts";

/** Shop units ranked for one requirement profile, with the reasons of what is out, and what nearly fits. */
@customElement("kk-seek-result")
export class KkSeekResult extends KkElement {
  @property() municipality = "";
  @property() profile = "";
  /** Counts up when the profile changed. */
  @property({ type: Number }) version = 0;
  @property({ attribute: false }) without: readonly string[] = [];
  @property({ type: Boolean }) isBusy = false;
  readonly #found = new Asked(this, (signal) =>
    this.profile ? matchApi.units(this.municipality, this.profile, this.#offer, signal) : null,
  );

  static override styles = [controls, matchStyle];

  get #offer() {
    return {
      temporary: !this.without.includes("temporary"),
      expected: !this.without.includes("expected"),
    };
  }

  protected override willUpdate(changed: PropertyValues): void {
    if (changed.has("profile") || changed.has("municipality")) void this.#found.anew();
    else if (changed.has("without") || changed.has("version")) void this.#found.again();
  }

  protected override updated(): void {
    matchStore.show(this.#found.value);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    matchStore.show(null);
  }

  #begin(units: number[], address: string) {
    return html`<button
      class="button"
      ?disabled=${this.isBusy}
      aria-label=${t("match.begin_at", { address })}
      @click=${() => this.emit("match-begin", { units })}
    >
      ${icon("plus", 16)} ${t("match.begin")}
    </button>`;
  }

  #unit(item: MatchedUnit, { wishes }: UnitMatches) {
    return html`<li>
      <div class="head">
        <div>${rankBadge(item)}</div>
        <div>
          <button class="open" @click=${() => this.emit("unit-select", { id: item.shop_unit_id })}>${item.address}</button>
          <div class="small muted">${offerText(item)}</div>
          <div class="small">${standingText(item)}</div>
          ${reasons(wishes, item.answers)}
          ${item.verdict === "out" ? nothing : this.#begin([item.shop_unit_id], item.address)}
        </div>
      </div>
    </li>`;
  }

  #joined(item: JoinedUnits, { wishes }: UnitMatches) {
    const names = item.shop_units.map(({ address }) => address);
    return html`<li>
      <strong>${t("match.join", { first: names[0]!, others: names.slice(1).join(t("match.and")) })}</strong>
      <div class="bar small">
        ${item.shop_units.map(
          (unit) =>
            html`<button class="quiet" @click=${() => this.emit("unit-select", { id: unit.shop_unit_id })}>${unit.address}</button>`,
        )}
      </div>
      <div class="small">${togetherText(item)} · ${metText(item)}</div>
      ${reasons(wishes, item.answers)}
      ${this.#begin(
        item.shop_units.map(({ shop_unit_id }) => shop_unit_id),
        names.join(", "),
      )}
    </li>`;
  }

  #group(title: string, items: readonly MatchedUnit[], found: UnitMatches) {
    if (!items.length) return nothing;
    return html`<h3>${title} <span class="muted num">(${number(items.length)})</span></h3>
      <ul class="items">${items.map((item) => this.#unit(item, found))}</ul>`;
  }

  #near(found: UnitMatches) {
    const { joined, can_join } = found;
    if (!joined.length) return can_join ? nothing : html`<p class="small muted">${t("match.no_parcels")}</p>`;
    return html`<h3>${t("match.joined_title")} <span class="muted num">(${number(joined.length)})</span></h3>
      <p class="small muted">${t("match.joined_hint")}</p>
      <ul class="items">${joined.map((item) => this.#joined(item, found))}</ul>`;
  }

  #choices() {
    return html`<fieldset class="bar" style="border:0;padding:0;margin:0">
      <legend class="visually-hidden">${t("match.also")}</legend>
      ${WITHOUT.map(
        (name) => html`<label class="check"
          ><input
            type="checkbox"
            .checked=${!this.without.includes(name)}
            @change=${(event: Event) => {
              const others = this.without.filter((each) => each !== name);
              const isWith = (event.target as HTMLInputElement).checked;
              this.emit("view-change", { seekWithout: isWith ? others : [...others, name] });
            }}
          />${t(`match_with.${name}`)}</label
        >`,
      )}
    </fieldset>`;
  }

  #drawn(found: UnitMatches) {
    const of = (verdict: string) => found.items.filter((item) => item.verdict === verdict);
    const out = of("out");
    const one = out.filter(({ hard_failed }) => hard_failed === 1);
    const more = out.filter(({ hard_failed }) => hard_failed > 1);
    const file = matchApi.fileUrl(this.municipality, this.profile, this.#offer);
    return html`<details><summary>${found.wishes.length === 1 ? t("match.asks_one") : t("match.asks", { n: number(found.wishes.length) })}</summary>${askedList(found.wishes)}</details>
      <div class="bar">
        <strong role="status">${t("match.outcome", { fits: number(found.fits), unclear: number(found.unclear), of: number(found.offered) })}</strong>
        <a class="button" href=${file} download>${icon("download", 16)} CSV</a>
      </div>
      ${found.offered ? nothing : html`<kk-empty .heading=${t("match.nothing")} .text=${t("match.nothing_hint")}></kk-empty>`}
      ${this.#group(t("match.fits"), of("fits"), found)} ${this.#group(t("match.unclear"), of("unclear"), found)}
      ${this.#near(found)} ${this.#group(t("match.one_wish"), one, found)}
      ${
        more.length
          ? html`<details><summary>${t("match.out", { n: number(more.length) })}</summary>
            <ul class="items">${more.map((item) => this.#unit(item, found))}</ul></details>`
          : nothing
      }
      <p class="small muted">${found.computed_at ? t("match.computed", { day: date(found.computed_at.slice(0, 10)) }) : t("match.not_computed")}</p>`;
  }

  protected override render() {
    return html`${this.#choices()} ${this.#found.draw((found) => this.#drawn(found))}`;
  }
}
