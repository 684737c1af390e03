import { html, nothing, type PropertyValues } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import type { CodeItem, EditPart, ShopUnitDetail } from "../api/types.ts";
import { squareMetres } from "../text/format.ts";
import { t } from "../text/index.ts";
import { controls } from "../ui/controls.ts";
import { KkElement } from "../ui/element.ts";
import { icon } from "../ui/icons.ts";
import { contentFields } from "./edit-content.ts";
import { editFormStyle } from "./edit-form.css.ts";
import { splitSum, startParts } from "./split.ts";

const MOST_PARTS = 20;

/** How a unit is split: its parts, their floor area, and what becomes of each. */
@customElement("kk-split-form")
export class KkSplitForm extends KkElement {
  @property({ attribute: false }) unit!: ShopUnitDetail;
  @property({ attribute: false }) branches: readonly CodeItem[] = [];
  @state() private parts: EditPart[] = [];
  @state() private unassignedM2 = 0;

  static override styles = [controls, editFormStyle];

  /** What the server is asked. */
  get body(): { parts: EditPart[]; unassigned_m2: number } {
    return { parts: this.parts, unassigned_m2: this.unassignedM2 };
  }

  protected override willUpdate(changed: PropertyValues): void {
    if (!changed.has("unit")) return;
    const { unit } = this;
    // A unit behind another already has a box number of its own; the parts then keep it until somebody says more.
    const hasBox = / bus \S/.test(unit.address);
    this.parts = startParts(unit.floor_area_m2, unit.state === "occupied", hasBox);
    this.unassignedM2 = 0;
  }

  #change(index: number, patch: Partial<EditPart>): void {
    this.parts = this.parts.map((part, i) => (i === index ? { ...part, ...patch } : part));
  }

  #number(event: Event): number | null {
    const { value } = event.target as HTMLInputElement;
    return value === "" || Number.isNaN(Number(value)) ? null : Number(value);
  }

  #add(): void {
    const [first] = this.parts;
    const state = first?.state === "as_before" && this.unit.state !== "occupied" ? "as_before" : "vacant";
    const box = first?.box ? String(this.parts.length + 1) : null;
    const next: EditPart = { state, occupant_name: null, branch_code: null, box, floor_area_m2: null };
    this.parts = [...this.parts, next];
  }

  #part(part: EditPart, index: number) {
    const name = t("edit.part", { n: index + 1 });
    return html`<fieldset>
      <legend>${name}</legend>
      <label class="field-label"
        >${t("edit.area")}
        <input
          class="field num"
          type="number"
          min="0"
          step="any"
          inputmode="decimal"
          .value=${part.floor_area_m2 === null ? "" : String(part.floor_area_m2)}
          @input=${(event: Event) => this.#change(index, { floor_area_m2: this.#number(event) })}
      /></label>
      <label class="field-label"
        >${t("edit.box")}
        <input
          class="field"
          maxlength="20"
          .value=${part.box ?? ""}
          @input=${(event: Event) => this.#change(index, { box: (event.target as HTMLInputElement).value.trim() || null })}
      /></label>
      ${contentFields(part, this.branches, (patch) => this.#change(index, patch))}
      ${
        this.parts.length > 2
          ? html`<button
            type="button"
            class="quiet"
            aria-label=${t("edit.remove_part", { name })}
            @click=${() => {
              this.parts = this.parts.filter((_, i) => i !== index);
            }}
          >
            ${icon("trash", 16)} ${t("edit.remove")}
          </button>`
          : nothing
      }
    </fieldset>`;
  }

  #sum() {
    const whole = this.unit.floor_area_m2;
    const { total, left } = splitSum(whole, this.parts, this.unassignedM2);
    if (whole === null) return html`<p class="sum small">${t("edit.area_unknown")}</p>`;
    const said = {
      total: squareMetres(total),
      of: squareMetres(whole),
      left: squareMetres(Math.abs(left ?? 0)),
    };
    const isOff = left !== null && Math.abs(left) > 0.5;
    const key =
      left === null ? "edit.sum_open" : !isOff ? "edit.sum" : left > 0 ? "edit.sum_left" : "edit.sum_over";
    return html`<p class="sum small ${isOff ? "off" : ""}" role="status">${t(key, said)}</p>`;
  }

  protected override render() {
    return html`${this.parts.map((part, index) => this.#part(part, index))}
      <div>
        <button type="button" class="quiet" ?disabled=${this.parts.length >= MOST_PARTS} @click=${this.#add}>
          ${icon("plus", 16)} ${t("edit.add_part")}
        </button>
      </div>
      <label class="field-label"
        >${t("edit.unassigned")}
        <input
          class="field num"
          type="number"
          min="0"
          step="any"
          inputmode="decimal"
          .value=${String(this.unassignedM2)}
          @input=${(event: Event) => {
            this.unassignedM2 = this.#number(event) ?? 0;
          }}
      /></label>
      ${this.#sum()}`;
  }
}
