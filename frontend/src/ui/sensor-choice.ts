import { html, type TemplateResult } from "lit";
import { t } from "../text/index.ts";

/** A list of sensors to choose one from. */
export function sensorChoice(
  items: readonly { id: number; name: string }[],
  chosen: number | null,
  choose: (id: number) => void,
): TemplateResult {
  return html`<label class="choice"
    >${t("footfall.sensor")}
    <select
      class="field"
      @change=${(event: Event) => choose(Number((event.target as HTMLSelectElement).value))}
    >
      ${items.map(({ id, name }) => html`<option value=${id} ?selected=${id === chosen}>${name}</option>`)}
    </select>
  </label>`;
}
