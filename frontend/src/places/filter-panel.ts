import { css, html, nothing } from "lit";
import { customElement, property } from "lit/decorators.js";
import type { Core } from "../api/types.ts";
import { number } from "../text/format.ts";
import { t, tCode } from "../text/index.ts";
import { controls } from "../ui/controls.ts";
import { KkElement } from "../ui/element.ts";
import { BRANCH_GROUPS, type Filters, NO_FILTERS, toggled, VACANCY_CLASSES } from "./filter.ts";

/** Months for which a unit may not have been seen. */
const NOT_SEEN = [6, 12, 18, 24, 36];

/** All filters; the map and the count follow while they are set. */
@customElement("kk-filter-panel")
export class KkFilterPanel extends KkElement {
  @property({ attribute: false }) filters: Filters = NO_FILTERS;
  @property({ attribute: false }) cores: readonly Core[] = [];
  @property({ attribute: false }) clusterNames: ReadonlyMap<number, string> = new Map();
  @property({ type: Number }) shown = 0;
  @property({ type: Number }) total = 0;
  @property({ type: Number }) dropped = 0;

  static override styles = [
    controls,
    css`
      :host {
        display: grid;
        grid-template-rows: 1fr auto;
        min-height: 0;
      }
      .scroll {
        overflow-y: auto;
        padding: 4px 16px 16px;
        display: grid;
        gap: 18px;
        align-content: start;
      }
      fieldset {
        margin: 0;
        padding: 0;
        border: 0;
        min-width: 0;
      }
      legend,
      .label {
        padding: 0;
        margin-bottom: 6px;
        font-weight: 600;
        font-size: 14px;
      }
      .area {
        display: flex;
        align-items: center;
        gap: 8px;
      }
      .area label {
        flex: 1;
        display: grid;
        gap: 2px;
      }
      .options {
        display: grid;
        grid-template-columns: repeat(auto-fill, minmax(148px, 1fr));
        gap: 2px 12px;
      }
      .options label {
        display: flex;
        align-items: center;
        gap: 8px;
        min-height: 28px;
        font-size: 14.5px;
      }
      input[type="checkbox"] {
        width: 17px;
        height: 17px;
        margin: 0;
        accent-color: var(--accent);
        flex: none;
      }
      footer {
        display: flex;
        gap: 8px;
        padding: 10px 16px;
        border-top: 1px solid var(--line);
        background: var(--surface);
      }
      .primary {
        flex: 1;
      }
    `,
  ];

  #set(patch: Partial<Filters>, how: "push" | "replace" = "push"): void {
    this.emit("filters-change", { filters: { ...this.filters, ...patch }, how });
  }

  #areaField(key: "minFloorAreaM2" | "maxFloorAreaM2", label: string) {
    const value = this.filters[key];
    return html`<label class="small"
      >${label}
      <input
        class="field num"
        type="number"
        inputmode="numeric"
        min="0"
        step="10"
        .value=${value === null ? "" : String(value)}
        @input=${(event: InputEvent) => {
          const text = (event.target as HTMLInputElement).value;
          const read = Number(text);
          this.#set({ [key]: text === "" || !(read >= 0) ? null : read }, "replace");
        }}
    /></label>`;
  }

  #checks<T extends string>(key: "branchGroup" | "vacancyClass", codes: readonly T[], prefix: string) {
    const chosen = this.filters[key] as readonly string[];
    return html`<div class="options">
      ${codes.map(
        (code) => html`<label
          ><input
            type="checkbox"
            .checked=${chosen.includes(code)}
            @change=${() => this.#set({ [key]: toggled(chosen, code) })}
          />${tCode(prefix, code)}</label
        >`,
      )}
    </div>`;
  }

  #choice(key: "core" | "cluster", label: string, any: string, items: [number, string][]) {
    if (items.length === 0) return nothing;
    return html`<label class="choice"
      ><span class="label">${label}</span>
      <select
        class="field"
        @change=${(event: Event) => {
          const { value } = event.target as HTMLSelectElement;
          this.#set({ [key]: value === "" ? null : Number(value) });
        }}
      >
        <option value="" .selected=${this.filters[key] === null}>${any}</option>
        ${items.map(
          ([id, name]) => html`<option value=${id} .selected=${this.filters[key] === id}>${name}</option>`,
        )}
      </select></label
    >`;
  }

  protected override render() {
    return html`<div class="scroll">
        <fieldset>
          <legend>${t("filter.floor_area")}</legend>
          <div class="area">
            ${this.#areaField("minFloorAreaM2", t("filter.min"))}
            ${this.#areaField("maxFloorAreaM2", t("filter.max"))}
          </div>
          ${
            this.dropped
              ? html`<p class="small muted">${t("filter.unknown_area", { count: number(this.dropped) })}</p>`
              : nothing
          }
        </fieldset>
        <fieldset>
          <legend>${t("filter.vacancy_class")}</legend>
          ${this.#checks("vacancyClass", VACANCY_CLASSES, "vacancy_class")}
        </fieldset>
        <label class="choice"
          ><span class="label">${t("worklist.filter")}</span>
          <select
            class="field"
            @change=${(event: Event) => {
              const { value } = event.target as HTMLSelectElement;
              this.#set({ notSeenMonths: value === "" ? null : Number(value) });
            }}
          >
            <option value="" .selected=${this.filters.notSeenMonths === null}>${t("worklist.filter_any")}</option>
            ${NOT_SEEN.map(
              (months) =>
                html`<option value=${months} .selected=${this.filters.notSeenMonths === months}>
                  ${t("worklist.filter_months", { n: months })}
                </option>`,
            )}
          </select></label
        >
        ${this.#choice(
          "core",
          t("filter.core"),
          t("filter.core_any"),
          this.cores.map((core) => [core.id, core.name]),
        )}
        ${this.#choice("cluster", t("filter.cluster"), t("filter.cluster_any"), [...this.clusterNames])}
        <fieldset>
          <legend>${t("filter.branch_group")}</legend>
          ${this.#checks("branchGroup", BRANCH_GROUPS, "branch_group")}
        </fieldset>
      </div>
      <footer>
        <button class="button" @click=${() => this.emit("filters-change", { filters: NO_FILTERS, how: "push" })}>
          ${t("filter.clear")}
        </button>
        <button class="button primary" @click=${() => this.emit("filter-panel-toggle")}>
          ${t("filter.show", { shown: number(this.shown), total: number(this.total) })}
        </button>
      </footer>`;
  }
}
