import { html, nothing, type TemplateResult } from "lit";
import type { CodeItem, EditContent } from "../api/types.ts";
import { labelOf, t, tCode } from "../text/index.ts";

export const EDIT_STATES = ["as_before", "vacant", "occupied", "unknown"] as const;

/** The fields that say what goes on in a new unit; `change` is told what a person fills in. */
export function contentFields(
  content: EditContent,
  branches: readonly CodeItem[],
  change: (patch: Partial<EditContent>) => void,
): TemplateResult {
  const { state } = content;
  const text = (event: Event) => (event.target as HTMLInputElement).value.trim() || null;
  return html`<label class="field-label"
      >${t("edit.becomes")}
      <select
        class="field"
        @change=${(event: Event) => {
          const next = (event.target as HTMLSelectElement).value as EditContent["state"];
          change(
            next === "occupied" ? { state: next } : { state: next, occupant_name: null, branch_code: null },
          );
        }}
      >
        ${EDIT_STATES.map(
          (code) =>
            html`<option value=${code} .selected=${code === state}>${tCode("edit_state", code)}</option>`,
        )}
      </select>
    </label>
    ${
      state === "occupied"
        ? html`<label class="field-label"
              >${t("edit.occupant")}
              <input
                class="field"
                maxlength="200"
                autocomplete="off"
                .value=${content.occupant_name ?? ""}
                @input=${(event: Event) => change({ occupant_name: text(event) })}
            /></label>
            <label class="field-label"
              >${t("edit.branch")}
              <select
                class="field"
                @change=${(event: Event) => change({ branch_code: (event.target as HTMLSelectElement).value || null })}
              >
                <option value="">${t("unknown")}</option>
                ${branches.map(
                  (item) =>
                    html`<option value=${item.code} .selected=${item.code === content.branch_code}>${labelOf(item)}</option>`,
                )}
              </select></label
            >`
        : nothing
    }`;
}
