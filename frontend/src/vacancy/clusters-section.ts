import { html, nothing, type PropertyValues } from "lit";
import { customElement, property } from "lit/decorators.js";
import { api, apiUrl, type Query } from "../api/client.ts";
import type { Clusters, VacantAt } from "../api/types.ts";
import { date, number } from "../text/format.ts";
import { labelOf, language, t, tCode } from "../text/index.ts";
import { Asked } from "../ui/asked.ts";
import { controls } from "../ui/controls.ts";
import { KkElement } from "../ui/element.ts";
import { expectedText, holmText, inventoryText } from "./cluster-words.ts";
import { CLUSTER_QUESTIONS, type ClustersAsked, NO_CLUSTERS_ASKED } from "./clusters-asked.ts";
import { clustersStyle } from "./clusters-section.css.ts";
import { type Bounds, boundsOf } from "./clusters-shown.ts";
import "./cluster-card.ts";

/** The verdict about vacancy clusters, each cluster, and how they changed from one inventory to the next. */
@customElement("kk-clusters-section")
export class KkClustersSection extends KkElement {
  @property() municipality = "";
  @property({ attribute: false }) asked: ClustersAsked = NO_CLUSTERS_ASKED;
  readonly #shown = new Asked(this, (signal) => (this.municipality ? this.#load(signal) : null));
  readonly #history = new Asked(this, (signal) =>
    this.municipality ? api.clusterHistory(this.municipality, this.asked.question, signal) : null,
  );

  static override styles = [controls, clustersStyle];

  constructor() {
    super();
    this.addEventListener("cluster-zoom", (event) =>
      this.#choose((event as CustomEvent<{ id: number }>).detail.id),
    );
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    const { asked } = this;
    const before = changed.get("asked") ?? (changed.has("asked") ? null : asked);
    const isElsewhere = changed.has("municipality");
    if (isElsewhere || before?.question !== asked.question) void this.#history.anew();
    const isOther = (["question", "day", "withDissolved"] as const).some(
      (key) => before?.[key] !== asked[key],
    );
    if (isElsewhere || isOther) void this.#shown.anew();
  }

  get #query(): Query {
    const { question, day, withDissolved } = this.asked;
    return { question, on: day, with_dissolved: withDissolved };
  }

  /** The clusters, which the map gets at the same time; one that is chosen and not among them no longer is. */
  async #load(signal: AbortSignal): Promise<Clusters> {
    const clusters = await api.clustersOn(this.municipality, this.#query, signal);
    if (signal.aborted) return clusters;
    this.emit("clusters-show", { clusters });
    const { chosen } = this.asked;
    if (chosen !== null && !clusters.features.some(({ id }) => id === chosen)) {
      this.#ask({ chosen: null }, "replace");
    }
    return clusters;
  }

  #ask(patch: Partial<ClustersAsked>, how: "push" | "replace" = "push", bounds: Bounds | null = null): void {
    this.emit("clusters-ask", { patch, how, bounds });
  }

  /** Show the units of a cluster and go there; the same once more lets it go. */
  #choose(id: number): void {
    const chosen = this.asked.chosen === id ? null : id;
    const there = this.#shown.value?.features.find((feature) => feature.id === chosen);
    this.#ask({ chosen }, "push", there ? boundsOf(there.geometry) : null);
  }

  #series(id: number): readonly VacantAt[] {
    const all = this.#history.value?.inventories.flatMap((row) => row.clusters);
    return all?.find((cluster) => cluster.id === id)?.vacant_over_time ?? [];
  }

  #questions() {
    return html`<div class="questions" role="group" aria-label=${t("clusters.questions")}>
      ${CLUSTER_QUESTIONS.map(
        (code) => html`<button
          class="button"
          aria-pressed=${this.asked.question === code}
          @click=${() => this.#ask({ question: code })}
        >
          ${tCode("cluster_question", code)}
        </button>`,
      )}
    </div>`;
  }

  #days() {
    const rows = this.#history.value?.inventories ?? [];
    if (rows.length < 2) return nothing;
    return html`<label class="day small">
      ${t("clusters.day")}
      <select
        class="field"
        @change=${(event: Event) => this.#ask({ day: (event.target as HTMLSelectElement).value || null })}
      >
        ${[...rows].reverse().map(({ on, is_today: isToday }) => {
          const value = isToday ? "" : on;
          const text = isToday ? t("clusters.today", { on: date(on) }) : date(on);
          return html`<option value=${value} ?selected=${value === (this.asked.day ?? "")}>${text}</option>`;
        })}
      </select>
    </label>`;
  }

  #cards(features: Clusters["features"]) {
    const { day, question, chosen } = this.asked;
    const isListed = day === null && question === "location";
    return html`<ul class="cards">
      ${features.map(
        ({ id, properties }) => html`<li>
          <kk-cluster-card
            .key=${id}
            .cluster=${properties}
            .series=${this.#series(id)}
            ?chosen=${id === chosen}
            ?gone=${properties.is_dissolved}
            .listed=${isListed && !properties.is_dissolved}
          ></kk-cluster-card>
        </li>`,
      )}
    </ul>`;
  }

  #dissolved(gone: Clusters["features"]) {
    return html`<label class="check">
        <input
          type="checkbox"
          .checked=${this.asked.withDissolved}
          @change=${(event: Event) => this.#ask({ withDissolved: (event.target as HTMLInputElement).checked })}
        />
        ${t("clusters.show_dissolved")}
      </label>
      ${
        this.asked.withDissolved
          ? html`<h2>${t("clusters.dissolved_title")}</h2>
            ${gone.length ? this.#cards(gone) : html`<p class="small">${t("clusters.dissolved_none")}</p>`}`
          : nothing
      }`;
  }

  #years() {
    const rows = this.#history.value?.inventories ?? [];
    if (rows.length < 2) return nothing;
    const current = this.asked.day ?? rows.at(-1)!.on;
    return html`<section>
      <h2>${t("clusters.history")}</h2>
      <ul class="years">
        ${[...rows].reverse().map(
          (row) => html`<li>
            <button
              class="quiet num"
              aria-current=${row.on === current ? "date" : nothing}
              @click=${() => this.#ask({ day: row.is_today ? null : row.on })}
            >
              ${t("clusters.row", { on: date(row.on), text: inventoryText(row) })}
            </button>
          </li>`,
        )}
      </ul>
      <p class="small muted">${holmText(rows)}</p>
    </section>`;
  }

  #export() {
    const query: Query = { municipality: this.municipality, ...this.#query };
    const name = `vacancy-clusters-${this.municipality}`;
    return html`<div class="export">
      <strong>${t("clusters.export")}</strong>
      <a class="button" download="${name}.geojson" href=${apiUrl("vacancy-clusters", query)}>${t("export.geojson")}</a>
      <a
        class="button"
        download="${name}.csv"
        href=${apiUrl("vacancy-clusters.csv", { ...query, with_dissolved: null, lang: language() })}
        >${t("export.csv")}</a
      >
    </div>`;
  }

  #answer({ features, verdict }: Clusters) {
    if (!verdict) return nothing;
    const here = features.filter(({ properties }) => !properties.is_dissolved);
    const tested = verdict.tested_units;
    return html`<div class="more">
        <p class="verdict">${labelOf(verdict, "message")}</p>
        ${
          tested === undefined
            ? nothing
            : html`<p class="small muted">
              ${t("clusters.tested", { units: number(tested), vacant: number(verdict.vacant ?? 0) })}
              ${expectedText(verdict)}
            </p>`
        }
      </div>
      ${here.length ? this.#cards(here) : nothing}
      ${tested === undefined ? nothing : this.#dissolved(features.filter(({ properties }) => properties.is_dissolved))}`;
  }

  protected override render() {
    const hasClusters = Boolean(this.#shown.value?.features.length);
    return html`${this.#questions()} ${this.#days()}
      ${this.#shown.draw((clusters) => this.#answer(clusters), html`<kk-skeleton-rows count="4"></kk-skeleton-rows>`)}
      ${this.#history.draw(() => this.#years(), nothing)} ${hasClusters ? this.#export() : nothing}
      <details class="small">
        <summary>${t("clusters.how")}</summary>
        <p>${t("clusters.how_text")}</p>
        <p>${t("clusters.how_limits")}</p>
      </details>`;
  }
}
