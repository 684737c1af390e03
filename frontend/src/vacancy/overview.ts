import { css, html, nothing, svg } from "lit";
import { customElement, property } from "lit/decorators.js";
import type { Clusters, Rate, Vacancy, VacancyClass } from "../api/types.ts";
import { date, number, percent, squareMetres } from "../text/format.ts";
import { labelOf, t, tCode } from "../text/index.ts";
import { controls } from "../ui/controls.ts";
import { KkElement } from "../ui/element.ts";

const SCOPES = ["all_branches", "retail_only"] as const;
const CLASSES: readonly VacancyClass[] = ["initial", "long_term", "structural", "unknown"];

/** The vacancy of the municipality as figures that know their numerator, date and source. */
@customElement("kk-vacancy-overview")
export class KkVacancyOverview extends KkElement {
  @property({ attribute: false }) vacancy: Vacancy | null = null;
  @property({ attribute: false }) clusters: Clusters | null = null;

  static override styles = [
    controls,
    css`
      :host {
        display: grid;
        gap: 20px;
        padding: 16px;
      }
      .figures {
        display: grid;
        grid-template-columns: 1fr 1fr;
        gap: 12px;
      }
      .figures p {
        grid-column: 1 / -1;
      }
      .scopes {
        display: flex;
        gap: 6px;
      }
      .figure strong {
        display: block;
        font-size: 28px;
        font-weight: 600;
        line-height: 1.15;
      }
      h2 {
        font-size: 15px;
        margin-bottom: 6px;
      }
      .row {
        display: grid;
        grid-template-columns: 1fr auto;
        gap: 2px 8px;
        padding: 5px 0;
        font-size: 14.5px;
      }
      .track {
        grid-column: 1 / -1;
        height: 6px;
        border-radius: 2px;
        background: #e6ebed;
      }
      .track i {
        display: block;
        height: 100%;
        border-radius: 2px;
        background: var(--vacant);
      }
      svg {
        display: block;
        width: 100%;
        height: 110px;
        overflow: visible;
      }
      .cluster {
        padding: 8px 0;
        border-top: 1px solid var(--line);
        font-size: 14.5px;
      }
      .cluster .quiet {
        padding-left: 0;
      }
      text {
        font: 12px var(--font);
        fill: var(--ink-3);
      }
    `,
  ];

  #rateRow(name: string, { rate, numerator, denominator }: Rate, most: number) {
    const known = rate ?? 0;
    return html`<li class="row">
      <span>${name}</span>
      <span class="num"
        >${rate === null ? t("unknown") : percent(rate)}
        <span class="muted small">(${t("vacancy.of", { n: number(numerator), of: number(denominator) })})</span></span
      >
      <div class="track" aria-hidden="true"><i style="width:${most > 0 ? (known / most) * 100 : 0}%"></i></div>
    </li>`;
  }

  #series(series: Vacancy["series"]) {
    const known = series.filter((point) => point.rate !== null);
    if (known.length < 2) return nothing;
    const top = Math.max(0.05, ...known.map((point) => point.rate!)) * 1.15;
    const x = (i: number) => 8 + (i / (known.length - 1)) * 304;
    const y = (rate: number) => 84 - (rate / top) * 76;
    const line = known.map((point, i) => `${i ? "L" : "M"}${x(i)} ${y(point.rate!)}`).join("");
    const last = known.length - 1;
    const label = (
      i: number,
      anchor: string,
    ) => svg`<text x=${x(i)} y="102" text-anchor=${anchor}>${known[i]!.on.slice(0, 4)}</text>
      <text x=${x(i)} y=${y(known[i]!.rate!) - 8} text-anchor=${anchor} style="fill:var(--ink);font-weight:600">${percent(known[i]!.rate!)}</text>`;
    return html`<section>
      <h2>${t("vacancy.series")}</h2>
      <svg viewBox="0 0 320 106" role="img" aria-label=${t("vacancy.series_alt", {
        from: known[0]!.on.slice(0, 4),
        to: known[last]!.on.slice(0, 4),
        first: percent(known[0]!.rate!),
        last: percent(known[last]!.rate!),
      })}>
        <line x1="0" x2="320" y1="84" y2="84" stroke="#84919a" />
        <path d=${line} fill="none" stroke="#b8400e" stroke-width="2.2" stroke-linejoin="round" />
        ${known.map((point, i) => svg`<circle cx=${x(i)} cy=${y(point.rate!)} r="2.8" fill="#b8400e" />`)}
        ${label(0, "start")} ${label(last, "end")}
      </svg>
    </section>`;
  }

  #clusters() {
    const { clusters } = this;
    if (!clusters) return nothing;
    const message = clusters.verdict ? labelOf(clusters.verdict, "message") : "";
    return html`<section>
      <h2>${t("vacancy.clusters")}</h2>
      ${message ? html`<p class="small">${message}</p>` : nothing}
      ${clusters.features.map(
        ({ id, properties }) => html`<div class="cluster">
          <strong>${properties.label}</strong>
          <p class="small">${labelOf(properties, "sentence")}</p>
          <button class="quiet" @click=${() => this.emit("cluster-select", { id })}>
            ${t("vacancy.show_cluster")}
          </button>
        </div>`,
      )}
    </section>`;
  }

  protected override render() {
    const { vacancy } = this;
    if (!vacancy) return nothing;
    const { units, floor_area: area } = vacancy;
    const total = CLASSES.reduce((sum, code) => sum + (vacancy.by_class[code] ?? 0), 0);
    const most = Math.max(0, ...vacancy.by_core.map((core) => core.units.rate ?? 0));
    return html`<div class="scopes" role="group" aria-label=${t("vacancy.scope")}>
        ${SCOPES.map(
          (scope) => html`<button
            class="button"
            aria-pressed=${vacancy.scope === scope}
            @click=${() => this.emit("view-change", { scope })}
          >
            ${tCode("scope", scope)}
          </button>`,
        )}
      </div>
      <section class="figures">
        <div class="figure">
          <strong class="num">${units.rate === null ? "–" : percent(units.rate)}</strong>
          <span class="small">${t("vacancy.units", { n: number(units.numerator), of: number(units.denominator) })}</span>
        </div>
        <div class="figure">
          <strong class="num">${area.rate === null ? "–" : percent(area.rate)}</strong>
          <span class="small">
            ${
              area.rate === null
                ? t("vacancy.area_none")
                : t("vacancy.area", {
                    n: squareMetres(area.numerator_m2 ?? 0),
                    of: squareMetres(area.denominator_m2 ?? 0),
                  })
            }
          </span>
        </div>
        <p class="small muted">
          ${t("vacancy.source", {
            on: date(vacancy.on),
            source: vacancy.source ?? t("unknown"),
            surveyed: vacancy.surveyed_on ? date(vacancy.surveyed_on) : t("unknown"),
          })}
          ${area.coverage === null ? nothing : t("vacancy.coverage", { share: percent(area.coverage, 0) })}
          ${tCode("vacancy_scope", vacancy.scope)}
        </p>
      </section>
      ${
        total
          ? html`<section>
            <h2>${t("vacancy.by_class")}</h2>
            <ul>
              ${CLASSES.map((code) => {
                const n = vacancy.by_class[code] ?? 0;
                return this.#rateRow(
                  tCode("vacancy_class", code),
                  { rate: n / total, numerator: n, denominator: total },
                  1,
                );
              })}
            </ul>
            ${
              vacancy.uncertain_classes
                ? html`<p class="small muted">${t("vacancy.uncertain", { count: number(vacancy.uncertain_classes) })}</p>`
                : nothing
            }
          </section>`
          : nothing
      }
      ${
        vacancy.by_core.length
          ? html`<section>
            <h2>${t("vacancy.by_core")}</h2>
            <ul>
              ${vacancy.by_core.map((core) => this.#rateRow(core.name ?? t("unknown"), core.units, most))}
            </ul>
          </section>`
          : nothing
      }
      ${this.#series(vacancy.series)} ${this.#clusters()}`;
  }
}
