import { css, html, nothing, type PropertyValues } from "lit";
import { customElement, property } from "lit/decorators.js";
import { api } from "../api/client.ts";
import type { Prospects } from "../api/types.ts";
import { date, number, percent } from "../text/format.ts";
import { t, tCode } from "../text/index.ts";
import { Asked } from "../ui/asked.ts";
import { controls } from "../ui/controls.ts";
import { KkElement } from "../ui/element.ts";
import { reasonText, strongest } from "./risk-words.ts";
import { chanceParts } from "./spans.ts";

/** What one unit may expect: to be let when it stands empty, to fall empty when it trades. */
@customElement("kk-prospects")
export class KkProspects extends KkElement {
  @property({ type: Number }) unit: number | null = null;
  readonly #prospects = new Asked(this, (signal) =>
    this.unit === null ? null : api.prospects(this.unit, signal),
  );

  static override styles = [
    controls,
    css`
      :host {
        display: grid;
        gap: 4px;
      }
      .lead {
        font-weight: 600;
      }
    `,
  ];

  protected override willUpdate(changed: PropertyValues): void {
    if (changed.has("unit")) void this.#prospects.anew();
  }

  #reletting(told: NonNullable<Prospects["reletting"]>) {
    const { chance, chance_lower, chance_upper } = told;
    if (typeof chance !== "number") return html`<p>${tCode("prospect_none", told.reason)}</p>`;
    const group =
      told.group === "core"
        ? t("prospect.group_core", { name: told.group_name ?? t("unknown") })
        : t("prospect.group_all");
    return html`<p class="lead">${t("prospect.let", { chance: percent(chance, 0) })}</p>
      <p class="small muted">
        ${t("prospect.let_basis", {
          low: percent(chance_lower!, 0),
          high: percent(chance_upper!, 0),
          group,
          n: number(told.n_at_risk ?? 0),
        })}
        ${told.wider_because ? tCode("prospect_wider", told.wider_because) : nothing}
        ${told.is_start_known ? nothing : t("prospect.start_unknown")}
      </p>`;
  }

  #falls(told: NonNullable<Prospects["outlook"]>) {
    const { chance } = chanceParts(told);
    return html`<p class="lead">${t("prospect.falls", { chance })}</p>
      <ul class="small muted">
        ${strongest(told.reasons).map((reason) => html`<li>${reasonText(reason)}</li>`)}
      </ul>`;
  }

  protected override render() {
    return this.#prospects.draw(
      (prospects) => this.#whole(prospects),
      html`<div class="skeleton" style="height:40px" role="status" aria-label=${t("loading")}></div>`,
    );
  }

  #whole(value: Prospects) {
    return html`${value.expected.map(
      (entry) => html`<p>
        <strong>${tCode("expected_kind", entry.kind)}</strong>:
        ${entry.expected_on ? date(entry.expected_on) : t("expected.no_day")}${entry.source ? ` (${entry.source})` : ""}
      </p>`,
    )}
    ${value.reletting ? this.#reletting(value.reletting) : nothing} ${value.outlook ? this.#falls(value.outlook) : nothing}`;
  }
}
