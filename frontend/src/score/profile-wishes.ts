import { css, html } from "lit";
import { customElement, property } from "lit/decorators.js";
import { api } from "../api/client.ts";
import type { CodeItem, Indicator, ProfileContent, ProfileWish } from "../api/types.ts";
import { quantity } from "../text/format.ts";
import { labelOf, t } from "../text/index.ts";
import { Asked } from "../ui/asked.ts";
import { controls } from "../ui/controls.ts";
import { KkElement } from "../ui/element.ts";
import { icon } from "../ui/icons.ts";
import { numberIn } from "./profile.ts";

const NEIGHBOURS = ["good", "bad", "rivals"] as const;
type Neighbours = (typeof NEIGHBOURS)[number];

/** What must be so whatever the score, and the shops a business wants or does not want around it. */
@customElement("kk-profile-wishes")
export class KkProfileWishes extends KkElement {
  @property({ attribute: false }) content!: ProfileContent;
  @property({ attribute: false }) indicators: readonly Indicator[] = [];
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
    `,
  ];

  override connectedCallback(): void {
    super.connectedCallback();
    void this.#branches.anew();
  }

  #change(patch: Partial<ProfileContent>): void {
    this.emit("profile-draft", { content: { ...this.content, ...patch } });
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
        @change=${(event: Event) => this.#wish(place, { [side]: numberIn(event) })}
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
    return html`<section aria-labelledby="h-wishes">
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
