import { html, nothing, type PropertyValues, type TemplateResult } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import { api } from "../api/client.ts";
import type {
  NotionList,
  NotionUnit,
  RegisterCount,
  RegisterName,
  RegisterUnmatched,
  VacancyNotions,
} from "../api/types.ts";
import { date, number } from "../text/format.ts";
import { t } from "../text/index.ts";
import { Asked } from "../ui/asked.ts";
import { controls } from "../ui/controls.ts";
import { KkElement } from "../ui/element.ts";
import { REGISTERS_CHANGED } from "./register-layer.ts";
import { layerOf, registerSymbol } from "./register-symbol.ts";
import { registersStyle } from "./registers.css.ts";

const SHOWN_AT_FIRST = 6;

interface Answers {
  notions: VacancyNotions;
  unmatched: RegisterUnmatched[];
}

type ListName = "entry" | "removal" | "both";

async function ask(municipality: string, signal: AbortSignal): Promise<Answers> {
  const [notions, ...unmatched] = await Promise.all([
    api.vacancyNotions(municipality, signal),
    api.registerUnmatched("legal-vacancy", municipality, signal),
    api.registerUnmatched("business-premises", municipality, signal),
  ]);
  return { notions, unmatched };
}

/** Three notions of vacancy side by side, where they agree or not, and the records that somebody must settle. */
@customElement("kk-registers-section")
export class KkRegistersSection extends KkElement {
  @property() municipality: string | null = null;
  @property({ attribute: false }) layers: readonly string[] = [];
  @state() private opened: readonly ListName[] = [];
  readonly #answers = new Asked(this, (signal) =>
    this.municipality ? ask(this.municipality, signal) : null,
  );
  readonly #reload = () => void this.#answers.again();

  static override styles = [controls, registersStyle];

  override connectedCallback(): void {
    super.connectedCallback();
    window.addEventListener(REGISTERS_CHANGED, this.#reload);
  }

  override disconnectedCallback(): void {
    window.removeEventListener(REGISTERS_CHANGED, this.#reload);
    super.disconnectedCallback();
  }

  protected override willUpdate(changed: PropertyValues): void {
    if (changed.has("municipality")) void this.#answers.anew();
  }

  #card(symbol: TemplateResult, name: string, count: number, means: string, of: string) {
    return html`<div class="card">
      <strong class="num">${symbol} ${number(count)}</strong>
      <h2>${name}</h2>
      <p class="small">${means}</p>
      <p class="small muted">${of}</p>
    </div>`;
  }

  #registerCard(register: RegisterName, count: RegisterCount, means: string) {
    const of = count.records
      ? t("registers.placed_of", {
          n: number(count.placed),
          on: count.as_of ? date(count.as_of) : t("unknown"),
        })
      : t("registers.no_file");
    const name = t(register === "legal-vacancy" ? "registers.legal" : "registers.business");
    return this.#card(registerSymbol(register, 20), name, count.records, means, of);
  }

  #toggle(register: RegisterName) {
    const layer = layerOf(register);
    const isOn = this.layers.includes(layer);
    const layers = isOn ? this.layers.filter((one) => one !== layer) : [...this.layers, layer];
    return html`<button class="button" aria-pressed=${isOn} @click=${() => this.emit("view-change", { layers })}>
      ${registerSymbol(register)} ${t("registers.show", { register: t(`layer.${layer}`) })}
    </button>`;
  }

  #unit(unit: NotionUnit, isInUse: boolean) {
    const since = unit.vacant_latest_on;
    const told = [
      !isInUse && since ? t("registers.vacant_since", { on: date(since) }) : null,
      unit.dossier_number ? t("registers.dossier", { number: unit.dossier_number }) : null,
    ].filter(Boolean);
    return html`<li>
      <button class="unit" @click=${() => this.emit("unit-select", { id: unit.shop_unit_id })}>
        <span>${unit.address}</span>
        <span class="small muted">${told.join(" · ")}</span>
        ${unit.is_unsure ? html`<span class="badge warn">${t("registers.unsure")}</span>` : nothing}
      </button>
    </li>`;
  }

  #list(name: ListName, list: NotionList, hint: string, of: string) {
    const isOpen = this.opened.includes(name);
    const shown = isOpen ? list.items : list.items.slice(0, SHOWN_AT_FIRST);
    const unsure = t(name === "entry" ? "registers.unsure_in" : "registers.unsure_beside", {
      n: number(list.unsure),
    });
    return html`<section>
      <h2>${t(`registers.${name}`)}</h2>
      <p class="small muted">${of}. ${hint} ${list.unsure ? unsure : nothing}</p>
      ${
        list.items.length
          ? html`<ul>
            ${shown.map((unit) => this.#unit(unit, name === "removal"))}
          </ul>`
          : html`<p class="small">${t("registers.none")}</p>`
      }
      ${
        shown.length < list.items.length
          ? html`<button class="quiet" @click=${() => (this.opened = [...this.opened, name])}>
            ${t("registers.all", { n: number(list.items.length) })}
          </button>`
          : nothing
      }
    </section>`;
  }

  #lists({ vacant_registered: both, entry_candidates: entry, removal_candidates: removal }: VacancyNotions) {
    const of = ({ numerator, denominator }: NotionList) => ({
      n: number(numerator),
      of: number(denominator),
    });
    return html`${this.#list("entry", entry, t("registers.entry_hint"), t("registers.of_vacant", of(entry)))}
    ${this.#list("removal", removal, t("registers.removal_hint"), t("registers.of_registered", of(removal)))}
    ${this.#list("both", both, "", t("registers.of_vacant", of(both)))}`;
  }

  #cards({ market, legal, business }: VacancyNotions) {
    const sources = [market, legal, business].map((one) => one.source).filter(Boolean);
    return html`<div class="cards">
        ${this.#card(
          html`<i class="vacant" aria-hidden="true"></i>`,
          t("registers.market"),
          market.vacant,
          t("registers.market_means"),
          t("registers.market_of", {
            of: number(market.counted),
            on: market.as_of ? date(market.as_of) : t("unknown"),
          }),
        )}
        ${this.#registerCard("legal-vacancy", legal, t("registers.legal_means"))}
        ${this.#registerCard("business-premises", business, t("registers.business_means"))}
      </div>
      ${sources.length ? html`<p class="small muted">${t("registers.sources", { sources: [...new Set(sources)].join("; ") })}</p>` : nothing}`;
  }

  protected override render() {
    return this.#answers.draw(
      (answers) => this.#whole(answers),
      html`<kk-skeleton-rows count="6"></kk-skeleton-rows>`,
    );
  }

  #whole({ notions, unmatched }: Answers) {
    const isEmpty = notions.legal.records + notions.business.records === 0;
    return html`<p class="small">${t("registers.intro")}</p>
      ${this.#cards(notions)}
      ${
        isEmpty
          ? html`<kk-empty .heading=${t("registers.empty")} .text=${t("registers.empty_way")}></kk-empty>`
          : html`<div class="toggles">${this.#toggle("legal-vacancy")} ${this.#toggle("business-premises")}</div>`
      }
      ${this.#lists(notions)}
      ${
        isEmpty
          ? nothing
          : html`<section>
            <h2>${t("registers.settle")}</h2>
            ${unmatched.map(
              (one) =>
                html`<kk-register-settle .unmatched=${one} .municipality=${this.municipality ?? ""}></kk-register-settle>`,
            )}
          </section>`
      }`;
  }
}
