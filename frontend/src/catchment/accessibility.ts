import { css, html, nothing } from "lit";
import { customElement, property } from "lit/decorators.js";
import type { Accessibility, AccessibilityItem } from "../api/types.ts";
import { date, metres, number } from "../text/format.ts";
import { t } from "../text/index.ts";
import { controls } from "../ui/controls.ts";
import { KkElement } from "../ui/element.ts";

/** What the last refresh measured of a place: who reaches it, and how far parking, stop and competitor are. */
@customElement("kk-accessibility")
export class KkAccessibility extends KkElement {
  @property({ attribute: false }) accessibility: Accessibility | null = null;

  static override styles = [
    controls,
    css`
      table {
        width: 100%;
        border-collapse: collapse;
        font-size: 14px;
      }
      th,
      td {
        padding: 4px 0;
        border-bottom: 1px solid var(--line);
        text-align: left;
        font-weight: 400;
        vertical-align: top;
      }
      td {
        padding-left: 12px;
        text-align: right;
        font-weight: 600;
        white-space: nowrap;
      }
      td.missing {
        font-weight: 400;
        color: var(--ink-2);
        white-space: normal;
      }
      summary {
        min-height: 28px;
        cursor: pointer;
        font-weight: 600;
      }
    `,
  ];

  #value({ value, unit, reason, reason_label }: AccessibilityItem) {
    if (value === null) return html`<td class="missing">${reason_label ?? t("unknown")}</td>`;
    const shown = unit === "m" ? metres(value) : number(value);
    return html`<td>${reason === "lower_bound" ? t("accessibility.at_least", { value: shown }) : shown}</td>`;
  }

  protected override render() {
    if (!this.accessibility) return nothing;
    const { items, run } = this.accessibility;
    const sources = [...new Set(items.map((item) => item.source).filter(Boolean))].join(", ");
    return html`<details>
      <summary class="small">${t("accessibility.title")}</summary>
      <table class="num">
        <tbody>
          ${items.map(
            (item) =>
              html`<tr>
                <th scope="row">${item.label}</th>
                ${this.#value(item)}
              </tr>`,
          )}
        </tbody>
      </table>
      <p class="small muted">
        ${run?.finished_at ? t("accessibility.run", { date: date(run.finished_at) }) : nothing}
        ${sources ? t("catchment.sources", { sources }) : nothing}
      </p>
    </details>`;
  }
}
