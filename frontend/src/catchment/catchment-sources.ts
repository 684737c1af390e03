import { css, html, nothing } from "lit";
import { customElement, property } from "lit/decorators.js";
import type { Catchment, CatchmentLayerSource } from "../api/types.ts";
import { date, metres, number, percent } from "../text/format.ts";
import { t, tCode } from "../text/index.ts";
import { controls } from "../ui/controls.ts";
import { KkElement } from "../ui/element.ts";
import { readBand, wrongShare } from "./reading.ts";
import { sectionStyle } from "./section.css.ts";

const FAR_SNAP_M = 25;

/** Where each figure comes from, of when, how much of it is known, and how true the drawn line is. */
@customElement("kk-catchment-sources")
export class KkCatchmentSources extends KkElement {
  @property({ attribute: false }) answer: Catchment | null = null;
  @property({ type: Number }) band: number | null = null;

  static override styles = [
    controls,
    sectionStyle,
    css`
      ul {
        margin-bottom: 8px;
      }
      li {
        padding: 6px 0;
        border-bottom: 1px solid var(--line);
        font-size: 13.5px;
        line-height: 1.35;
      }
      .notes p + p {
        margin-top: 4px;
      }
      .far {
        margin-bottom: 6px;
        padding: 6px 10px;
        border-radius: var(--radius);
        background: var(--warn-ground);
        color: var(--warn-ink);
      }
    `,
  ];

  #layer(layer: CatchmentLayerSource) {
    const { coverage, suppressed } = layer;
    const facts = [
      layer.source ?? t("catchment.no_source"),
      layer.observed_on ? date(layer.observed_on) : t("catchment.no_date"),
      typeof coverage === "number" ? t("catchment.known_for", { share: percent(coverage, 0) }) : null,
      suppressed ? t("catchment.suppressed", { count: number(suppressed) }) : null,
      layer.note,
    ];
    return html`<li><strong>${tCode("catchment_layer", layer.code)}</strong><br />${facts.filter(Boolean).join(" · ")}</li>`;
  }

  protected override render() {
    const about = this.answer?.catchment;
    const read = this.answer && readBand(this.answer.features, this.band)?.properties;
    if (!about || !read) return nothing;
    const wrong = wrongShare(read);
    const snap = about.snap_distance_m;
    return html`${
      snap > FAR_SNAP_M
        ? html`<p class="far small">${t("catchment.snapped", { distance: number(snap) })}</p>`
        : nothing
    }
      <details>
        <summary>${t("catchment.sources_title")}</summary>
        <ul>
          ${(about.layers ?? []).map((layer) => this.#layer(layer))}
        </ul>
        <div class="notes small">
          <p>${t("catchment.method")}</p>
          <p>
            ${wrong === null ? t("catchment.wrong_unknown") : t("catchment.wrong_side", { share: percent(wrong, wrong < 0.001 ? 2 : 1) })}
          </p>
          <p>${t("catchment.snap_distance", { distance: metres(snap) })}</p>
        </div>
      </details>`;
  }
}
