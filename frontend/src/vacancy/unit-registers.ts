import { css, html, nothing, type PropertyValues } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import { api } from "../api/client.ts";
import type { RecordOfUnit } from "../api/types.ts";
import { date } from "../text/format.ts";
import { t } from "../text/index.ts";
import { controls } from "../ui/controls.ts";
import { KkElement } from "../ui/element.ts";
import { IDLE, LOADING, type Loadable } from "../ui/loadable.ts";
import { REGISTERS_CHANGED } from "./register-layer.ts";
import { layerOf, registerSymbol } from "./register-symbol.ts";

/** A line per register that the parcel of a shop unit is on; nothing when it is on none. */
@customElement("kk-unit-registers")
export class KkUnitRegisters extends KkElement {
  @property({ type: Number }) unit: number | null = null;
  @state() private records: Loadable<RecordOfUnit[]> = IDLE;
  #abort = new AbortController();
  readonly #reload = () => void this.#load();

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
    this.#abort.abort();
    super.disconnectedCallback();
  }

  protected override willUpdate(changed: PropertyValues): void {
    if (changed.has("unit")) void this.#load();
  }

  async #load(): Promise<void> {
    this.#abort.abort();
    this.#abort = new AbortController();
    const { signal } = this.#abort;
    if (this.unit === null) return;
    this.records = LOADING;
    try {
      const { items } = await api.registersOfUnit(this.unit, signal);
      if (!signal.aborted) this.records = { status: "ready", value: items };
    } catch (error) {
      if (!signal.aborted) this.records = { status: "error", error };
    }
  }

  protected override render() {
    const records = this.records;
    if (records.status === "error")
      return html`<kk-error .error=${records.error} @retry=${this.#reload}></kk-error>`;
    if (records.status !== "ready" || records.value.length === 0) return nothing;
    return html`<ul>
      ${records.value.map((record) => {
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
