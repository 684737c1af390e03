import { css, html, nothing } from "lit";
import { customElement, property } from "lit/decorators.js";
import type { Catchment, CatchmentBand, Municipality } from "../api/types.ts";
import { euro, number, percent } from "../text/format.ts";
import { labelOf, t, tCode } from "../text/index.ts";
import { controls } from "../ui/controls.ts";
import { KkElement } from "../ui/element.ts";
import { bandChart, bandName, branchChart, holdingsTable } from "./charts.ts";
import { bandsOf, readBand, unitOf } from "./reading.ts";
import { sectionStyle } from "./section.css.ts";

/** What a catchment holds: people per band first, then shops, and everything else in one look. */
@customElement("kk-holdings")
export class KkHoldings extends KkElement {
  @property({ attribute: false }) answer: Catchment | null = null;
  @property({ type: Number }) band: number | null = null;
  @property({ attribute: false }) towns: readonly Municipality[] = [];

  static override styles = [
    controls,
    sectionStyle,
    css`
      :host {
        display: grid;
        gap: 16px;
      }
      .headline {
        font-size: 15px;
        line-height: 1.3;
      }
      .headline strong {
        display: block;
        font-size: 34px;
        font-weight: 650;
        line-height: 1.1;
        letter-spacing: -0.01em;
      }
      section {
        display: grid;
        gap: 8px;
      }
      .tiles {
        display: grid;
        grid-template-columns: 1fr 1fr;
        gap: 1px;
        border: 1px solid var(--line);
        border-radius: var(--radius);
        background: var(--line);
        overflow: hidden;
      }
      .tiles div {
        padding: 8px 10px;
        background: var(--surface);
      }
      .tiles dt {
        color: var(--ink-2);
        font-size: 13px;
        line-height: 1.25;
      }
      .tiles dd strong {
        font-size: 19px;
        font-weight: 650;
        line-height: 1.25;
      }
      .tiles dd .small {
        display: block;
      }
      .places {
        display: flex;
        flex-wrap: wrap;
        gap: 4px 14px;
        font-size: 14px;
      }
      .wide {
        overflow-x: auto;
      }
      .wide th,
      .wide td {
        white-space: nowrap;
      }
    `,
  ];

  #headline(band: CatchmentBand, answer: Catchment) {
    const { mode, direction } = answer.catchment;
    const unit = unitOf(answer);
    if (band.population === null) {
      return html`<p class="headline" aria-live="polite"><strong>${t("unknown")}</strong>${t("catchment.nobody_known")}</p>`;
    }
    const how = t(`catchment.by_${mode}`);
    if (unit === "inhabitants") {
      const minutes = band.minutes === null ? t("unknown") : number(band.minutes, 1);
      return html`<p class="headline" aria-live="polite">
        <strong class="num">${t("minutes", { value: minutes })}</strong>
        ${t("catchment.grown", { count: number(band.inhabitants ?? band.band), how })}
      </p>`;
    }
    return html`<p class="headline" aria-live="polite">
      <strong class="num">${number(band.population)}</strong>
      ${t(`catchment.headline_${direction ?? "towards"}`, { within: bandName(band, unit), how })}
    </p>`;
  }

  #tile(name: string, value: string, note: string | typeof nothing) {
    return html`<div>
      <dt>${name}</dt>
      <dd>
        <strong class="num">${value}</strong>${note === nothing ? nothing : html`<span class="small muted">${note}</span>`}
      </dd>
    </div>`;
  }

  #town(nis: string): string {
    const town = this.towns.find(({ nis_code }) => nis_code === nis);
    return town ? labelOf(town, "name") : nis;
  }

  /** Which subjects of which municipality are in none of the figures. */
  #withheld(answer: Catchment) {
    const { withheld = [] } = answer.catchment;
    if (withheld.length === 0) return nothing;
    const what = withheld.map(
      ({ nis_code, subjects }) =>
        `${this.#town(nis_code)}: ${subjects.map((code) => tCode("share_subject", code)).join(", ")}`,
    );
    return html`<p class="small muted">${t("catchment.withheld", { what: what.join("; ") })}</p>`;
  }

  #tiles(band: CatchmentBand) {
    const text = (value: number | null | undefined) =>
      typeof value === "number" ? number(value) : t("unknown");
    const unknown = (key: "catchment.persons_unknown" | "catchment.zones_unknown", count: number) =>
      count ? t(key, { count: number(count) }) : nothing;
    const known = band.income_known_share;
    const vacancy = band.shop_units ? (band.vacant_units ?? 0) / band.shop_units : null;
    return html`<dl class="tiles">
      ${this.#tile(t("catchment.households"), text(band.households), unknown("catchment.persons_unknown", band.households_unknown))}
      ${this.#tile(
        t("catchment.income_median_eur"),
        typeof band.income_median_eur === "number" ? euro(band.income_median_eur) : t("unknown"),
        typeof known === "number" && known < 0.995
          ? t("catchment.known_for", { share: percent(known, 0) })
          : nothing,
      )}
      ${this.#tile(
        t("catchment.shop_units"),
        text(band.shop_units),
        band.floor_area_m2_unknown
          ? t("catchment.areas_unknown", { count: number(band.floor_area_m2_unknown) })
          : nothing,
      )}
      ${this.#tile(
        t("catchment.vacant_now"),
        text(band.vacant_units),
        vacancy === null ? nothing : t("catchment.of_units", { share: percent(vacancy) }),
      )}
      ${this.#tile(t("catchment.parking_spaces"), text(band.parking_spaces), unknown("catchment.zones_unknown", band.parking_spaces_unknown))}
      ${this.#tile(
        t("catchment.area_m2"),
        t("hectares", { value: number(band.area_m2 / 10_000) }),
        typeof band.sensors === "number"
          ? t("catchment.sensor_count", { count: number(band.sensors) })
          : nothing,
      )}
    </dl>`;
  }

  #publicPlaces(band: CatchmentBand) {
    const kinds = Object.entries(band.places ?? {})
      .filter(([, count]) => count > 0)
      .sort((a, b) => b[1] - a[1]);
    return html`<section>
      <h3>${t("catchment.public_places")}</h3>
      ${
        kinds.length
          ? html`<ul class="places">
            ${kinds.map(([kind, count]) => html`<li><strong class="num">${number(count)}</strong> ${tCode("public_place_kind", kind)}</li>`)}
          </ul>`
          : html`<p class="small muted">${t(band.public_places === null ? "unknown" : "catchment.no_places")}</p>`
      }
    </section>`;
  }

  #picker(bands: readonly CatchmentBand[], read: CatchmentBand, answer: Catchment) {
    if (bands.length < 2) return nothing;
    return html`<div class="segments" role="group" aria-label=${t("catchment.read_band")}>
      ${bands.map(
        (band) => html`<button
          aria-pressed=${band.band === read.band}
          @click=${() =>
            this.emit("catchment-ask", {
              patch: { band: band === bands.at(-1) ? null : band.band },
              how: "replace",
            })}
        >
          ${bandName(band, unitOf(answer))}
        </button>`,
      )}
    </div>`;
  }

  protected override render() {
    const { answer } = this;
    const read = answer && readBand(answer.features, this.band)?.properties;
    if (!answer || !read) return nothing;
    const bands = bandsOf(answer.features);
    const unknown = read.population_unknown;
    return html`${this.#headline(read, answer)} ${this.#picker(bands, read, answer)}
      <section>
        <h3>${t("catchment.people_per_band")}</h3>
        ${bandChart(bands, unitOf(answer), read.band)}
        ${unknown ? html`<p class="small muted">${t("catchment.population_unknown", { count: number(unknown) })}</p>` : nothing}
        ${
          answer.catchment.unreached?.length
            ? html`<p class="small">${t("catchment.unreached", { counts: answer.catchment.unreached.map((count) => number(count)).join(", ") })}</p>`
            : nothing
        }
      </section>
      ${this.#tiles(read)} ${this.#withheld(answer)}
      <section>
        <h3>${t("catchment.shops_by_branch", { within: bandName(read, unitOf(answer)) })}</h3>
        ${branchChart(read)}
      </section>
      ${this.#publicPlaces(read)}
      <details>
        <summary>${t("as_table")}</summary>
        ${holdingsTable(bands, unitOf(answer))}
      </details>`;
  }
}
