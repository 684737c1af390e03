import { css, html, nothing, type PropertyValues } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import { api } from "../api/client.ts";
import type { CodeItem, EditContent, EditNeighbour, ShopUnitDetail } from "../api/types.ts";
import { metres, squareMetres } from "../text/format.ts";
import { t, tCode } from "../text/index.ts";
import { Asked } from "../ui/asked.ts";
import { controls } from "../ui/controls.ts";
import { KkElement } from "../ui/element.ts";
import { contentFields } from "./edit-content.ts";
import { editFormStyle } from "./edit-form.css.ts";

// Entrances further apart are joined only when somebody says that it is one shop all the same.
const BESIDE_M = 30;

/** With which units a unit is joined, and what becomes of the whole. */
@customElement("kk-merge-form")
export class KkMergeForm extends KkElement {
  @property({ attribute: false }) unit!: ShopUnitDetail;
  @property({ attribute: false }) branches: readonly CodeItem[] = [];
  readonly #around = new Asked(this, () => api.neighbours(this.unit.id));
  @state() private chosen: readonly number[] = [];
  @state() private content: EditContent = { state: "as_before", occupant_name: null, branch_code: null };
  @state() private keeps: number | null = null;
  @state() private isApart = false;

  static override styles = [
    controls,
    editFormStyle,
    css`
      ul {
        display: grid;
        max-height: 230px;
        overflow-y: auto;
        border: 1px solid var(--line-2);
        border-radius: var(--radius);
      }
      li {
        padding: 4px 10px;
        border-bottom: 1px solid var(--line);
      }
      li:last-child {
        border-bottom: 0;
      }
    `,
  ];

  /** What the server is asked, or nothing while no other unit is chosen. */
  get body(): object | null {
    if (this.chosen.length === 0) return null;
    const keeps = this.content.state === "as_before" ? this.keeps : null;
    return { ...this.content, units: [this.unit.id, ...this.chosen], keeps, is_apart: this.isApart };
  }

  protected override willUpdate(changed: PropertyValues): void {
    if (!changed.has("unit")) return;
    this.chosen = [];
    this.keeps = null;
    this.isApart = false;
    this.content = { state: "as_before", occupant_name: null, branch_code: null };
    void this.#around.anew();
  }

  #row(item: EditNeighbour) {
    const facts = [
      tCode("state", item.state),
      item.name,
      item.floor_area_m2 === null ? null : squareMetres(item.floor_area_m2),
      metres(item.distance_m),
    ];
    return html`<li>
      <label class="check"
        ><input
          type="checkbox"
          .checked=${this.chosen.includes(item.id)}
          @change=${(event: Event) => {
            const isOn = (event.target as HTMLInputElement).checked;
            this.chosen = isOn ? [...this.chosen, item.id] : this.chosen.filter((id) => id !== item.id);
            this.keeps = null;
          }}
        />
        <span><strong>${item.address}</strong> <span class="small muted">${facts.filter(Boolean).join(" · ")}</span></span>
      </label>
    </li>`;
  }

  #who(joined: readonly EditNeighbour[]) {
    const trading = [
      ...(this.unit.state === "occupied"
        ? [{ id: this.unit.id, name: this.unit.name ?? this.unit.address }]
        : []),
      ...joined
        .filter((item) => item.state === "occupied")
        .map((item) => ({ id: item.id, name: item.name ?? item.address })),
    ];
    if (this.content.state !== "as_before" || trading.length < 2) return nothing;
    return html`<label class="field-label"
      >${t("edit.keeps")}
      <select
        class="field"
        @change=${(event: Event) => {
          this.keeps = Number((event.target as HTMLSelectElement).value) || null;
        }}
      >
        <option value="" .selected=${this.keeps === null}>${t("edit.keeps_choose")}</option>
        ${trading.map((one) => html`<option value=${one.id} .selected=${one.id === this.keeps}>${one.name}</option>`)}
      </select></label
    >`;
  }

  protected override render() {
    return this.#around.draw(
      ({ items }) => this.#form(items),
      html`<kk-skeleton-rows count="4"></kk-skeleton-rows>`,
    );
  }

  #form(around: readonly EditNeighbour[]) {
    if (around.length === 0)
      return html`<kk-empty .heading=${t("edit.no_neighbours")} .text=${t("edit.no_neighbours_hint")}></kk-empty>`;
    const joined = around.filter((item) => this.chosen.includes(item.id));
    const areas = [this.unit.floor_area_m2, ...joined.map((item) => item.floor_area_m2)];
    const isKnown = areas.every((area) => area !== null);
    return html`<p id="with">${t("edit.merge_with", { address: this.unit.address })}</p>
      <ul aria-labelledby="with" tabindex="0">
        ${around.map((item) => this.#row(item))}
      </ul>
      <fieldset>
        <legend>${t("edit.whole")}</legend>
        ${contentFields(this.content, this.branches, (patch) => {
          this.content = { ...this.content, ...patch };
        })}
        ${this.#who(joined)}
      </fieldset>
      ${
        joined.some((item) => item.distance_m > BESIDE_M)
          ? html`<label class="check"
            ><input
              type="checkbox"
              .checked=${this.isApart}
              @change=${(event: Event) => {
                this.isApart = (event.target as HTMLInputElement).checked;
              }}
            />${t("edit.is_apart")}</label
          >`
          : nothing
      }
      ${
        joined.length
          ? html`<p class="sum small" role="status">
            ${isKnown ? t("edit.merge_sum", { area: squareMetres(areas.reduce<number>((sum, area) => sum + area!, 0)) }) : t("edit.merge_unknown")}
          </p>`
          : nothing
      }`;
  }
}
