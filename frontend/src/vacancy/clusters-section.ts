import { html, nothing, type PropertyValues } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import { api, apiUrl, type Query } from "../api/client.ts";
import type { ClusterHistory, ClusterQuestion, Clusters, VacantAt } from "../api/types.ts";
import { date, number } from "../text/format.ts";
import { labelOf, language, t, tCode } from "../text/index.ts";
import { controls } from "../ui/controls.ts";
import { KkElement } from "../ui/element.ts";
import { IDLE, LOADING, type Loadable, ready } from "../ui/loadable.ts";
import { expectedText, holmText, inventoryText } from "./cluster-words.ts";
import { clustersStyle } from "./clusters-section.css.ts";
import { boundsOf, type ClustersShown } from "./clusters-shown.ts";
import "./cluster-card.ts";

const QUESTIONS = ["location", "average"] as const;

/** The verdict about vacancy clusters, each cluster, and how they changed from one inventory to the next. */
@customElement("kk-clusters-section")
export class KkClustersSection extends KkElement {
  @property() municipality = "";
  @state() private question: ClusterQuestion = "location";
  /** The inventory that is shown; null: today's. */
  @state() private day: string | null = null;
  @state() private withDissolved = false;
  /** The cluster that the map shows the units of. */
  @property({ type: Number }) chosen: number | null = null;
  @state() private shown: Loadable<Clusters> = IDLE;
  @state() private history: Loadable<ClusterHistory> = IDLE;
  #abort = new AbortController();
  #historyAbort = new AbortController();

  static override styles = [controls, clustersStyle];

  constructor() {
    super();
    this.addEventListener("cluster-zoom", (event) =>
      this.#choose((event as CustomEvent<{ id: number }>).detail.id),
    );
    this.addEventListener("retry", (event) => {
      event.stopPropagation();
      void this.#load();
      void this.#loadHistory();
    });
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#abort.abort();
    this.#historyAbort.abort();
  }

  protected override willUpdate(changed: PropertyValues): void {
    const asked = changed as Map<string, unknown>;
    if (asked.has("municipality")) this.day = null;
    if (asked.has("municipality") || asked.has("question")) void this.#loadHistory();
    if (["municipality", "question", "day", "withDissolved"].some((key) => asked.has(key))) void this.#load();
  }

  get #query(): Query {
    return { question: this.question, on: this.day, with_dissolved: this.withDissolved };
  }

  async #load(): Promise<void> {
    this.#abort.abort();
    this.#abort = new AbortController();
    const { signal } = this.#abort;
    if (!this.municipality) return;
    this.shown = LOADING;
    try {
      const value = await api.clustersOn(this.municipality, this.#query, signal);
      if (signal.aborted) return;
      this.shown = { status: "ready", value };
      const isHere = value.features.some(({ id }) => id === this.chosen);
      this.#tell(isHere ? this.chosen : null, false);
    } catch (error) {
      if (!signal.aborted) this.shown = { status: "error", error };
    }
  }

  async #loadHistory(): Promise<void> {
    this.#historyAbort.abort();
    this.#historyAbort = new AbortController();
    const { signal } = this.#historyAbort;
    if (!this.municipality) return;
    this.history = LOADING;
    try {
      const value = await api.clusterHistory(this.municipality, this.question, signal);
      if (!signal.aborted) this.history = { status: "ready", value };
    } catch (error) {
      if (!signal.aborted) this.history = { status: "error", error };
    }
  }

  #choose(id: number): void {
    this.#tell(this.chosen === id ? null : id, true);
  }

  /** Put on the map what is listed here, and go to the chosen one. */
  #tell(selected: number | null, isToGo: boolean): void {
    const clusters = ready(this.shown);
    const chosen = clusters?.features.find(({ id }) => id === selected);
    const bounds = chosen && isToGo ? boundsOf(chosen.geometry) : null;
    this.emit("clusters-show", { clusters, selected, bounds } satisfies ClustersShown);
  }

  #series(id: number): readonly VacantAt[] {
    const all = ready(this.history)?.inventories.flatMap((row) => row.clusters);
    return all?.find((cluster) => cluster.id === id)?.vacant_over_time ?? [];
  }

  #questions() {
    return html`<div class="questions" role="group" aria-label=${t("clusters.questions")}>
      ${QUESTIONS.map(
        (code) => html`<button
          class="button"
          aria-pressed=${this.question === code}
          @click=${() => {
            this.question = code;
          }}
        >
          ${tCode("cluster_question", code)}
        </button>`,
      )}
    </div>`;
  }

  #days() {
    const rows = ready(this.history)?.inventories ?? [];
    if (rows.length < 2) return nothing;
    return html`<label class="day small">
      ${t("clusters.day")}
      <select
        class="field"
        @change=${(event: Event) => {
          this.day = (event.target as HTMLSelectElement).value || null;
        }}
      >
        ${[...rows].reverse().map(({ on, is_today: isToday }) => {
          const value = isToday ? "" : on;
          const text = isToday ? t("clusters.today", { on: date(on) }) : date(on);
          return html`<option value=${value} ?selected=${value === (this.day ?? "")}>${text}</option>`;
        })}
      </select>
    </label>`;
  }

  #cards(features: Clusters["features"]) {
    const isListed = this.day === null && this.question === "location";
    return html`<ul class="cards">
      ${features.map(
        ({ id, properties }) => html`<li>
          <kk-cluster-card
            .key=${id}
            .cluster=${properties}
            .series=${this.#series(id)}
            ?chosen=${id === this.chosen}
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
          .checked=${this.withDissolved}
          @change=${(event: Event) => {
            this.withDissolved = (event.target as HTMLInputElement).checked;
          }}
        />
        ${t("clusters.show_dissolved")}
      </label>
      ${
        this.withDissolved
          ? html`<h2>${t("clusters.dissolved_title")}</h2>
            ${gone.length ? this.#cards(gone) : html`<p class="small">${t("clusters.dissolved_none")}</p>`}`
          : nothing
      }`;
  }

  #years() {
    if (this.history.status === "error") return html`<kk-error .error=${this.history.error}></kk-error>`;
    const rows = ready(this.history)?.inventories ?? [];
    if (rows.length < 2) return nothing;
    const current = this.day ?? rows.at(-1)!.on;
    return html`<section>
      <h2>${t("clusters.history")}</h2>
      <ul class="years">
        ${[...rows].reverse().map(
          (row) => html`<li>
            <button
              class="quiet num"
              aria-current=${row.on === current ? "date" : nothing}
              @click=${() => {
                this.day = row.is_today ? null : row.on;
              }}
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
    const { shown } = this;
    return html`${this.#questions()} ${this.#days()}
      ${
        shown.status === "error"
          ? html`<kk-error .error=${shown.error}></kk-error>`
          : shown.status === "ready"
            ? this.#answer(shown.value)
            : html`<kk-skeleton-rows count="4"></kk-skeleton-rows>`
      }
      ${this.#years()} ${shown.status === "ready" && shown.value.features.length ? this.#export() : nothing}
      <details class="small">
        <summary>${t("clusters.how")}</summary>
        <p>${t("clusters.how_text")}</p>
        <p>${t("clusters.how_limits")}</p>
      </details>`;
  }
}
