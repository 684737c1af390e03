import { css, html, nothing } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import { api } from "../api/client.ts";
import type {
  CodeItem,
  Criterion,
  Indicator,
  ProfileContent,
  ProfileCriterion,
  ProfileDirection,
  ProfileWish,
} from "../api/types.ts";
import { number, quantity } from "../text/format.ts";
import { labelOf, t, tCode } from "../text/index.ts";
import { Asked } from "../ui/asked.ts";
import { controls } from "../ui/controls.ts";
import { KkElement } from "../ui/element.ts";
import { icon } from "../ui/icons.ts";
import { faultOf, freshCriterion } from "./profile.ts";

const DIRECTIONS: readonly ProfileDirection[] = ["more", "less", "ideal"];
const NEIGHBOURS = ["good", "bad", "rivals"] as const;
type Neighbours = (typeof NEIGHBOURS)[number];

function read(event: Event): number | null {
  const { value } = event.target as HTMLInputElement;
  const found = value.trim() === "" ? Number.NaN : Number(value);
  return Number.isFinite(found) ? found : null;
}

/** What a profile asks, criterion by criterion: on or off, which way, between which ends, and what must be so. */
@customElement("kk-profile-edit")
export class KkProfileEdit extends KkElement {
  @property({ attribute: false }) content!: ProfileContent;
  @property({ attribute: false }) indicators: readonly Indicator[] = [];
  /** The criteria as they are computed with, whose ends stand where none is set by hand. */
  @property({ attribute: false }) computed: readonly Criterion[] = [];
  @state() private open: string | null = null;
  readonly #branches = new Asked(this, () => api.codeList("branch"));

  static override styles = [
    controls,
    css`
      :host {
        display: grid;
        gap: 14px;
      }
      h4 {
        margin: 0 0 6px;
        font-size: 14.5px;
        font-weight: 600;
      }
      .criteria {
        display: grid;
        border-top: 1px solid var(--line);
      }
      .criteria > li {
        padding: 6px 0;
        border-bottom: 1px solid var(--line);
      }
      .row {
        display: flex;
        align-items: center;
        gap: 8px;
      }
      .row label {
        flex: 1;
        display: flex;
        gap: 8px;
        align-items: center;
        font-size: 14px;
        line-height: 1.25;
      }
      .row input[type="checkbox"] {
        flex: none;
        width: 18px;
        height: 18px;
        accent-color: var(--accent);
      }
      .off {
        color: var(--ink-3);
      }
      .grid {
        display: grid;
        grid-template-columns: 1fr 1fr;
        gap: 8px;
        padding: 8px 0 6px 26px;
      }
      .grid label,
      .wish label {
        display: grid;
        gap: 2px;
        font-size: 13px;
        color: var(--ink-2);
      }
      .wish {
        display: grid;
        grid-template-columns: 1fr 84px 84px 36px;
        gap: 6px;
        align-items: end;
        margin-bottom: 8px;
      }
      .wish .unknown {
        grid-column: 1 / -1;
        display: flex;
        gap: 8px;
        align-items: center;
      }
      .chips {
        display: flex;
        flex-wrap: wrap;
        gap: 4px;
        margin-bottom: 4px;
      }
      .chip {
        display: inline-flex;
        align-items: center;
        gap: 4px;
        min-height: 28px;
        padding: 2px 4px 2px 10px;
        border: 1px solid var(--line-2);
        border-radius: 14px;
        background: var(--surface);
        font-size: 13px;
      }
      .fault {
        padding: 8px 10px;
        border-radius: var(--radius);
        background: var(--warn-ground);
        color: var(--warn-ink);
      }
    `,
  ];

  override connectedCallback(): void {
    super.connectedCallback();
    void this.#branches.anew();
  }

  #change(patch: Partial<ProfileContent>): void {
    this.emit("profile-draft", { content: { ...this.content, ...patch } });
  }

  #criterion(code: string, patch: Partial<ProfileCriterion>): void {
    const criteria = this.content.criteria.map((each) => (each.code === code ? { ...each, ...patch } : each));
    this.#change({ criteria });
  }

  #toggle(indicator: Indicator, isOn: boolean): void {
    const { criteria } = this.content;
    if (criteria.some(({ code }) => code === indicator.code)) {
      this.#criterion(indicator.code, { is_on: isOn });
    } else this.#change({ criteria: [...criteria, freshCriterion(indicator)] });
  }

  #end(criterion: ProfileCriterion, side: "low" | "high", indicator: Indicator) {
    const own = this.computed.find(({ code }) => code === criterion.code);
    const taken = side === "low" ? own?.reference_low : own?.reference_high;
    return html`<label
      >${t(side === "low" ? "profile.low" : "profile.high", { unit: tCode("profile_unit", indicator.unit) })}
      <input
        class="field"
        type="number"
        step="any"
        .value=${criterion[side] === null ? "" : String(criterion[side])}
        placeholder=${typeof taken === "number" && criterion[side] === null ? number(taken, taken < 10 ? 2 : 0) : ""}
        @change=${(event: Event) => this.#criterion(criterion.code, { [side]: read(event) })}
      />
    </label>`;
  }

  #settings(criterion: ProfileCriterion, indicator: Indicator) {
    return html`<div class="grid" id="settings-${criterion.code}">
      <label
        >${t("profile.direction")}
        <select
          class="field"
          @change=${(event: Event) => {
            const direction = (event.target as HTMLSelectElement).value as ProfileDirection;
            const ideal = direction === "ideal" ? (criterion.ideal ?? criterion.high ?? 0) : null;
            this.#criterion(criterion.code, { direction, ideal });
          }}
        >
          ${DIRECTIONS.map(
            (each) =>
              html`<option value=${each} ?selected=${each === criterion.direction}>${t(`profile.${each}`)}</option>`,
          )}
        </select>
      </label>
      <label
        >${t("profile.scale")}
        <select
          class="field"
          @change=${(event: Event) =>
            this.#criterion(criterion.code, {
              scale: (event.target as HTMLSelectElement).value === "log" ? "log" : "linear",
            })}
        >
          <option value="linear" ?selected=${criterion.scale === "linear"}>${t("profile.linear")}</option>
          <option value="log" ?selected=${criterion.scale === "log"}>${t("profile.log")}</option>
        </select>
      </label>
      ${this.#end(criterion, "low", indicator)} ${this.#end(criterion, "high", indicator)}
      ${
        criterion.direction === "ideal"
          ? html`<label
            >${t("profile.ideal_value")}
            <input
              class="field"
              type="number"
              step="any"
              .value=${criterion.ideal === null ? "" : String(criterion.ideal)}
              @change=${(event: Event) => this.#criterion(criterion.code, { ideal: read(event) })}
            />
          </label>`
          : nothing
      }
    </div>`;
  }

  #line(indicator: Indicator) {
    const criterion = this.content.criteria.find(({ code }) => code === indicator.code);
    const isOn = criterion?.is_on ?? false;
    const isOpen = this.open === indicator.code && isOn;
    const name = labelOf(indicator);
    return html`<li>
      <div class="row">
        <label class=${isOn ? "" : "off"}>
          <input
            type="checkbox"
            .checked=${isOn}
            @change=${(event: Event) => this.#toggle(indicator, (event.target as HTMLInputElement).checked)}
          />${name}</label
        >
        ${
          isOn
            ? html`<button
              class="quiet"
              aria-expanded=${isOpen}
              aria-label=${t("profile.settings_of", { name })}
              @click=${() => {
                this.open = isOpen ? null : indicator.code;
              }}
            >
              ${t("profile.settings")}
            </button>`
            : nothing
        }
      </div>
      ${isOpen && criterion ? this.#settings(criterion, indicator) : nothing}
    </li>`;
  }

  #wish(place: number, patch: Partial<ProfileWish> | null): void {
    const wishes = this.content.wishes.flatMap((wish, i) =>
      i !== place ? [wish] : patch === null ? [] : [{ ...wish, ...patch }],
    );
    this.#change({ wishes });
  }

  #wishLine(wish: ProfileWish, place: number) {
    const indicator = this.indicators.find(({ code }) => code === wish.code);
    const name = indicator ? labelOf(indicator) : wish.code;
    const field = (side: "low" | "high") => html`<label
      >${t(side === "low" ? "profile.least" : "profile.most")}
      <input
        class="field"
        type="number"
        step="any"
        .value=${wish[side] === null ? "" : String(wish[side])}
        @change=${(event: Event) => this.#wish(place, { [side]: read(event) })}
      />
    </label>`;
    return html`<li class="wish">
      <label
        >${t("profile.wish")}
        <select
          class="field"
          @change=${(event: Event) => this.#wish(place, { code: (event.target as HTMLSelectElement).value })}
        >
          ${this.indicators.map(
            (each) =>
              html`<option value=${each.code} ?selected=${each.code === wish.code}>${labelOf(each)}</option>`,
          )}
        </select></label
      >
      ${field("low")} ${field("high")}
      <button
        class="quiet square"
        aria-label=${t("profile.wish_remove", { name })}
        title=${t("profile.wish_remove", { name })}
        @click=${() => this.#wish(place, null)}
      >
        ${icon("close", 16)}
      </button>
      <label class="unknown"
        ><input
          type="checkbox"
          .checked=${wish.is_unknown_out}
          @change=${(event: Event) =>
            this.#wish(place, { is_unknown_out: (event.target as HTMLInputElement).checked })}
        />${t("profile.unknown_out")}</label
      >
    </li>`;
  }

  #neighbours(kind: Neighbours, branches: readonly CodeItem[]) {
    const chosen = this.content[kind];
    const label = (code: string) => {
      const item = branches.find((each) => each.code === code);
      return item ? labelOf(item) : code;
    };
    const put = (codes: string[]) => this.#change({ [kind]: codes });
    return html`<div>
      <h4 id="h-${kind}">${t(`profile.${kind}`)}</h4>
      ${
        chosen.length
          ? html`<ul class="chips" aria-labelledby="h-${kind}">
            ${chosen.map(
              (code) => html`<li class="chip">
                ${label(code)}
                <button
                  class="quiet"
                  aria-label=${t("profile.branch_remove", { name: label(code) })}
                  @click=${() => put(chosen.filter((each) => each !== code))}
                >
                  ${icon("close", 14)}
                </button>
              </li>`,
            )}
          </ul>`
          : html`<p class="small muted">${t("profile.no_branches")}</p>`
      }
      <select
        class="field"
        aria-label=${t("profile.branch_add", { kind: t(`profile.${kind}`) })}
        @change=${(event: Event) => {
          const field = event.target as HTMLSelectElement;
          if (field.value) put([...chosen, field.value]);
          field.value = "";
        }}
      >
        <option value="">${t("profile.branch_choose")}</option>
        ${branches
          .filter(({ code }) => !chosen.includes(code))
          .map((each) => html`<option value=${each.code}>${labelOf(each)}</option>`)}
      </select>
    </div>`;
  }

  protected override render() {
    const fault = faultOf(this.content);
    return html`${fault ? html`<p class="fault small" role="status">${t(`profile.fault_${fault}`)}</p>` : nothing}
      <section aria-labelledby="h-criteria">
        <h4 id="h-criteria">${t("profile.criteria")}</h4>
        <ul class="criteria">
          ${this.indicators.map((indicator) => this.#line(indicator))}
        </ul>
      </section>
      <section aria-labelledby="h-wishes">
        <h4 id="h-wishes">${t("profile.wishes")}</h4>
        <ul>
          ${this.content.wishes.map((wish, place) => this.#wishLine(wish, place))}
        </ul>
        <button
          class="quiet"
          @click=${() =>
            this.#change({
              wishes: [
                ...this.content.wishes,
                { code: "floor_area_m2", low: 50, high: null, is_unknown_out: false },
              ],
            })}
        >
          ${icon("plus", 16)} ${t("profile.wish_add")}
        </button>
      </section>
      ${this.#branches.draw(({ items }) => NEIGHBOURS.map((kind) => this.#neighbours(kind, items)))}`;
  }
}

/** A hard wish in words, such as "Shop floor area: at least 60 m²". */
export function wishText(wish: ProfileWish & { unit: string | null }, name: string): string {
  const amount = (value: number) => quantity(value, wish.unit);
  const { low, high } = wish;
  if (wish.unit === "yes_no") return t("profile.wish_is", { name, value: amount(low ?? high ?? 1) });
  if (low !== null && high !== null)
    return t("profile.wish_between", { name, low: amount(low), high: amount(high) });
  return low !== null
    ? t("profile.wish_least", { name, low: amount(low) })
    : t("profile.wish_most", { name, high: amount(high ?? 0) });
}
