import { css, html, nothing, type PropertyValues } from "lit";
import { customElement, property } from "lit/decorators.js";
import { api } from "../api/client.ts";
import type { RecordOfUnit } from "../api/types.ts";
import { date } from "../text/format.ts";
import { t } from "../text/index.ts";
import { Asked } from "../ui/asked.ts";
import { controls } from "../ui/controls.ts";
import { KkElement } from "../ui/element.ts";
import { REGISTERS_CHANGED } from "./register-layer.ts";
import { layerOf, registerSymbol } from "./register-symbol.ts";

/** A line per register that the parcel of a shop unit is on; nothing when it is on none. */
@customElement("kk-unit-registers")
export class KkUnitRegisters extends KkElement {
  @property({ type: Number }) unit: number | null = null;
  readonly #records = new Asked(this, (signal) =>
    this.unit === null ? null : api.registersOfUnit(this.unit, signal),
  );
  readonly #reload = () => void this.#records.again();

  static override styles = [
    controls,
    css`
      li {
        display: flex;
        gap: 8px;
        margin-bottom: 8px;
        font-size: 14.5px;
        line-height: 1.35;
      }
    `,
  ];

  override connectedCallback(): void {
    super.connectedCallback();
    window.addEventListener(REGISTERS_CHANGED, this.#reload);
  }

  override disconnectedCallback(): void {
    window.removeEventListener(REGISTERS_CHANGED, this.#reload);
    super.disconnectedCallback();
  }

  protected override willUpdate(changed: PropertyValues): void {
    if (changed.has("unit")) void this.#records.anew();
  }

  protected override render() {
    return this.#records.draw(({ items }) => (items.length ? this.#list(items) : nothing), nothing);
  }

  #list(records: RecordOfUnit[]) {
    return html`<ul>
      ${records.map((record) => {
        const since = record.entered_on ?? record.found_on;
        return html`<li>
          ${registerSymbol(record.register)}
          <span
            >${t("registers.unit_on", {
              register: t(`layer.${layerOf(record.register)}`),
              on: since ? date(since) : t("unknown"),
              number: record.dossier_number,
            })}
            ${record.is_sure ? nothing : html`<span class="muted">${t("registers.unit_perhaps")}</span>`}</span
          >
        </li>`;
      })}
    </ul>`;
  }
}
