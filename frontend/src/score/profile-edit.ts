import { css, html, nothing } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import type {
  Criterion,
  Indicator,
  ProfileContent,
  ProfileCriterion,
  ProfileDirection,
} from "../api/types.ts";
import { number } from "../text/format.ts";
import { labelOf, t, tCode } from "../text/index.ts";
import { controls } from "../ui/controls.ts";
import { KkElement } from "../ui/element.ts";
import { faultOf, freshCriterion, numberIn } from "./profile.ts";

const DIRECTIONS: readonly ProfileDirection[] = ["more", "less", "ideal"];

/** What a profile asks, criterion by criterion: on or off, which way, between which ends, and what must be so. */
@customElement("kk-profile-edit")
export class KkProfileEdit extends KkElement {
  @property({ attribute: false }) content!: ProfileContent;
  @property({ attribute: false }) indicators: readonly Indicator[] = [];
  /** The criteria as they are computed with, whose ends stand where none is set by hand. */
  @property({ attribute: false }) computed: readonly Criterion[] = [];
  @state() private open: string | null = null;

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
      .grid label {
        display: grid;
        gap: 2px;
        font-size: 13px;
        color: var(--ink-2);
      }
      .fault {
        padding: 8px 10px;
        border-radius: var(--radius);
        background: var(--warn-ground);
        color: var(--warn-ink);
      }
    `,
  ];

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
        @change=${(event: Event) => this.#criterion(criterion.code, { [side]: numberIn(event) })}
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
              @change=${(event: Event) => this.#criterion(criterion.code, { ideal: numberIn(event) })}
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

  protected override render() {
    const fault = faultOf(this.content);
    return html`${fault ? html`<p class="fault small" role="status">${t(`profile.fault_${fault}`)}</p>` : nothing}
      <section aria-labelledby="h-criteria">
        <h4 id="h-criteria">${t("profile.criteria")}</h4>
        <ul class="criteria">
          ${this.indicators.map((indicator) => this.#line(indicator))}
        </ul>
      </section>
      <kk-profile-wishes .content=${this.content} .indicators=${this.indicators}></kk-profile-wishes>`;
  }
}
