import { css, html, nothing, type PropertyValues } from "lit";
import { customElement, property } from "lit/decorators.js";
import { casesApi } from "../api/cases.ts";
import type { ShopUnitDetail } from "../api/types.ts";
import { t, tCode } from "../text/index.ts";
import { Asked } from "../ui/asked.ts";
import { controls } from "../ui/controls.ts";
import { KkElement } from "../ui/element.ts";
import { icon } from "../ui/icons.ts";
import { caseStore } from "./store.ts";

/** The cases of which a shop unit is a candidate, and the way to begin one. */
@customElement("kk-unit-cases")
export class KkUnitCases extends KkElement {
  @property({ attribute: false }) unit!: ShopUnitDetail;
  readonly #cases = new Asked(this, (signal) =>
    casesApi.list({ municipality: this.unit.nis_code, shop_unit: this.unit.id }, signal),
  );

  static override styles = [
    controls,
    css`
      :host {
        display: block;
        margin-top: 8px;
      }
      li {
        padding: 2px 0;
      }
    `,
  ];

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has("unit")) void this.#cases.anew();
  }

  #start(): void {
    const { id, address, nis_code } = this.unit;
    caseStore.begin(nis_code, { id, address });
    this.emit("view-change", { tab: "cases", section: "board", case: null, unit: null });
  }

  protected override render() {
    const items = this.#cases.value?.items ?? [];
    return html`${
      items.length
        ? html`<ul>
          ${items.map(
            (item) => html`<li>
              <button class="quiet" @click=${() => this.emit("view-change", { tab: "cases", section: "board", case: item.id, unit: null })}>${item.title}</button>
              <span class="small muted">${tCode("case_state", item.state)}</span>
            </li>`,
          )}
        </ul>`
        : nothing
    }
    ${
      this.unit.state === "vacant"
        ? html`<button class="button" @click=${() => this.#start()}>${icon("plus", 16)} ${t("case.start_here")}</button>`
        : nothing
    }`;
  }
}
