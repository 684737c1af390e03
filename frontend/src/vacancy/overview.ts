import { css, html, nothing } from "lit";
import { customElement, property } from "lit/decorators.js";
import type { Query } from "../api/client.ts";
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
  @property({ attribute: false }) cores: readonly { id: number; name: string }[] = [];
  /** Of what the files are asked: municipality, core, branches, day. */
  @property({ attribute: false }) query: Query = {};

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
      .cluster {
        padding: 8px 0;
        border-top: 1px solid var(--line);
        font-size: 14.5px;
      }
      .cluster .quiet {
        padding-left: 0;
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

  #area({ core_id: chosen }: Vacancy) {
    if (!this.cores.length) return nothing;
    return html`<select
      class="field"
      aria-label=${t("dash.area")}
      @change=${(event: Event) => {
        const { value } = event.target as HTMLSelectElement;
        this.emit("core-select", { core: value ? Number(value) : null });
      }}
    >
      <option value="" ?selected=${chosen === null}>${t("dash.whole")}</option>
      ${this.cores.map((core) => html`<option value=${core.id} ?selected=${core.id === chosen}>${core.name}</option>`)}
    </select>`;
  }

  #groups(vacancy: Vacancy) {
    const named = <T>(rows: readonly T[], name: (row: T) => string) =>
      rows.map((row) => ({ ...row, name: name(row) }));
    return html`<kk-rate-bars
        .heading=${t("vacancy.by_core")}
        .rows=${named(vacancy.by_core, (row) => row.name ?? t("unknown"))}
      ></kk-rate-bars>
      <kk-rate-bars
        .heading=${t("dash.by_street")}
        .rows=${named(vacancy.by_street, (row) => row.street ?? t("dash.no_street"))}
      ></kk-rate-bars>
      <kk-rate-bars
        .heading=${t("dash.by_branch_group")}
        .hint=${t("dash.branch_hint")}
        .rows=${named(vacancy.by_branch_group, ({ branch_group: code }) =>
          code === "unknown" || code === "outside_scope"
            ? tCode("dash_branch", code)
            : tCode("branch_group", code),
        )}
      ></kk-rate-bars>`;
  }

  protected override render() {
    const { vacancy } = this;
    if (!vacancy) return nothing;
    const { units, floor_area: area } = vacancy;
    const total = CLASSES.reduce((sum, code) => sum + (vacancy.by_class[code] ?? 0), 0);
    return html`${this.#area(vacancy)}
      <div class="scopes" role="group" aria-label=${t("vacancy.scope")}>
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
          ${vacancy.unknown ? t("dash.unknown", { count: number(vacancy.unknown) }) : nothing}
          ${area.coverage === null ? nothing : t("vacancy.coverage", { share: percent(area.coverage, 0) })}
          ${tCode("vacancy_scope", vacancy.scope)}
        </p>
      </section>
      <kk-vacancy-files .query=${this.query} .on=${vacancy.on}></kk-vacancy-files>
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
      <kk-vacancy-history .series=${vacancy.series} .breaks=${vacancy.breaks}></kk-vacancy-history>
      <kk-series-breaks .municipality=${this.query.municipality}></kk-series-breaks>
      ${this.#groups(vacancy)}
      <kk-longest-vacant .units=${vacancy.longest_vacant}></kk-longest-vacant>
      ${this.#clusters()}`;
  }
}
