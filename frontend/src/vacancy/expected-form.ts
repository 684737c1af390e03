import { html, nothing } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import { api } from "../api/client.ts";
import type { ExpectedKind } from "../api/types.ts";
import { t, tCode } from "../text/index.ts";
import { controls } from "../ui/controls.ts";
import { KkElement } from "../ui/element.ts";
import { durationsStyle } from "./durations.css.ts";

export interface TradingUnit {
  id: number;
  address: string;
}

const KINDS: readonly ExpectedKind[] = ["announced_closing", "lease_end", "other"];

/** Enter that a unit is expected to fall empty. */
@customElement("kk-expected-form")
export class KkExpectedForm extends KkElement {
  @property({ attribute: false }) units: readonly TradingUnit[] = [];
  @state() private error: unknown = null;
  @state() private isBusy = false;

  static override styles = [controls, durationsStyle];

  override focus(): void {
    this.renderRoot.querySelector<HTMLInputElement>("#unit")?.focus();
  }

  async #save(event: SubmitEvent): Promise<void> {
    event.preventDefault();
    const form = event.target as HTMLFormElement;
    const data = new FormData(form);
    const address = String(data.get("unit")).trim();
    const unit = this.units.find((one) => one.address === address);
    const field = form.querySelector<HTMLInputElement>("#unit")!;
    field.setCustomValidity(unit ? "" : t("expected.unit_hint"));
    if (!unit) {
      field.reportValidity();
      return;
    }
    this.isBusy = true;
    this.error = null;
    try {
      const entry = await api.expectVacancy({
        shop_unit_id: unit.id,
        kind: data.get("kind") as ExpectedKind,
        expected_on: String(data.get("on")) || null,
        source: String(data.get("source")).trim() || null,
      });
      this.emit("expected-added", { entry });
    } catch (error) {
      this.error = error;
    } finally {
      this.isBusy = false;
    }
  }

  protected override render() {
    return html`<form
      @submit=${(event: SubmitEvent) => void this.#save(event)}
      @keydown=${(event: KeyboardEvent) => {
        if (event.key !== "Escape") return;
        event.stopPropagation();
        this.emit("expected-cancelled");
      }}
    >
      <label
        >${t("expected.unit")}
        <input
          id="unit"
          name="unit"
          list="units"
          required
          autocomplete="off"
          placeholder=${t("expected.unit_hint")}
          @input=${(event: Event) => (event.target as HTMLInputElement).setCustomValidity("")}
        />
        <datalist id="units">
          ${this.units.map(({ address }) => html`<option value=${address}></option>`)}
        </datalist>
      </label>
      <label
        >${t("expected.kind")}
        <select name="kind">
          ${KINDS.map((kind) => html`<option value=${kind}>${tCode("expected_kind", kind)}</option>`)}
        </select>
      </label>
      <label>${t("expected.on")} <input type="date" name="on" /></label>
      <label>${t("expected.source")} <input name="source" maxlength="300" /></label>
      ${this.error ? html`<kk-error .error=${this.error} plain></kk-error>` : nothing}
      <div class="choice">
        <button class="button primary" ?disabled=${this.isBusy}>${t("expected.save")}</button>
        <button class="button" type="button" @click=${() => this.emit("expected-cancelled")}>${t("expected.cancel")}</button>
      </div>
    </form>`;
  }
}
