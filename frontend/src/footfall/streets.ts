import { css, html, nothing, type PropertyValues } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import { api, apiUrl } from "../api/client.ts";
import type { StreetsFootfall } from "../api/types.ts";
import { date, number, percent } from "../text/format.ts";
import { t } from "../text/index.ts";
import { controls } from "../ui/controls.ts";
import { KkElement } from "../ui/element.ts";
import { icon } from "../ui/icons.ts";
import { LOADING, type Loadable, load } from "../ui/loadable.ts";
import { classSymbol, streetSymbol } from "./street-lines.ts";
import {
  accuracyText,
  boundsOf,
  busyText,
  classOnlyTexts,
  type NamedStreet,
  rangeText,
  rankStreets,
} from "./street-words.ts";

const SHOWN_AT_FIRST = 12;

/** Streets by how busy they are, how sure that is, why, and where a count by hand would help. */
@customElement("kk-street-footfall")
export class KkStreetFootfall extends KkElement {
  @property() municipality = "";
  /** The segment that is explained. */
  @property({ type: Number }) chosen: number | null = null;
  @state() private streets: Loadable<StreetsFootfall> = LOADING;
  @state() private isWhole = false;
  #asked: AbortController | null = null;

  static override styles = [
    controls,
    css`
      :host {
        display: grid;
        gap: 18px;
        padding: 16px;
      }
      section {
        display: grid;
        gap: 6px;
        min-width: 0;
      }
      h2 {
        font-size: 15px;
      }
      .answer {
        font-size: 18px;
        font-weight: 600;
        line-height: 1.3;
      }
      .key {
        display: flex;
        align-items: center;
        gap: 8px;
      }
      .street {
        display: grid;
        grid-template-columns: 1fr auto;
        gap: 1px 10px;
        width: 100%;
        padding: 8px 6px;
        border: 0;
        border-top: 1px solid var(--line);
        background: none;
        text-align: left;
      }
      .street:hover,
      .street[aria-pressed="true"] {
        background: var(--hover, #eef3f4);
      }
      .street .bar {
        grid-column: 1 / -1;
        width: 100%;
        height: 8px;
      }
      .note {
        padding: 8px 10px;
        border-left: 3px solid #7854be;
        background: rgb(120 84 190 / 10%);
      }
      .files {
        display: flex;
        flex-wrap: wrap;
        gap: 4px 16px;
      }
      .files a {
        display: inline-flex;
        align-items: center;
        gap: 6px;
        min-height: 28px;
        color: var(--accent);
      }
    `,
  ];

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#asked?.abort();
  }

  protected override willUpdate(changed: PropertyValues): void {
    if (changed.has("municipality") && this.municipality) this.#load();
  }

  /** What was asked by a click further down, or on the map, is answered at the top. */
  protected override updated(changed: PropertyValues): void {
    if (changed.has("chosen") && this.chosen !== null) {
      this.renderRoot.querySelector("kk-street-why")?.scrollIntoView({ block: "start" });
    }
  }

  #load(): void {
    this.#asked?.abort();
    this.#asked = new AbortController();
    const { signal } = this.#asked;
    this.isWhole = false;
    void load(
      () => api.streetsFootfall(this.municipality, signal),
      (value) => {
        this.streets = value;
      },
      signal,
    );
  }

  #choose({ busiest, parts }: NamedStreet): void {
    this.emit("street-select", { id: busiest.segment_id, bounds: boundsOf(parts) });
  }

  #street(street: NamedStreet, most: number) {
    const { busiest } = street;
    const isOpen = street.parts.some(({ id }) => id === this.chosen);
    const at = (value: number | null) => `${Math.min(100, (100 * (value ?? 0)) / most)}%`;
    return html`<li>
      <button class="street" aria-pressed=${isOpen} @click=${() => this.#choose(street)}>
        <strong>${street.name}</strong><span class="num">${busyText(busiest)}</span>
        ${
          busiest.footfall_per_day === null
            ? nothing
            : html`<svg class="bar" aria-hidden="true">
                <rect x="0" width=${at(busiest.upper_per_day)} height="8" fill="rgb(120 84 190 / 30%)" />
                <rect x="0" width=${at(busiest.lower_per_day)} height="8" fill="#4b2e83" />
              </svg>`
        }
        <span class="small muted">${rangeText(busiest)}</span>
        <span class="small muted">${t("street_footfall.shops", { n: number(street.shopUnits) })}</span>
      </button>
    </li>`;
  }

  #list(ranked: readonly NamedStreet[]) {
    const shown = this.isWhole ? ranked : ranked.slice(0, SHOWN_AT_FIRST);
    const most = Math.max(...ranked.map(({ busiest }) => busiest.upper_per_day ?? 0), 1);
    return html`<section aria-labelledby="ranked">
      <h2 id="ranked">${t("street_footfall.ranked")}</h2>
      ${
        ranked.some(({ busiest }) => busiest.footfall_per_day !== null)
          ? html`<p class="small muted key">${streetSymbol()} ${t("street_footfall.legend")}</p>`
          : nothing
      }
      ${
        ranked.some(({ busiest }) => busiest.class_reason)
          ? html`<p class="small muted key">${classSymbol()} ${t("street_footfall.legend_class")}</p>`
          : nothing
      }
      <ul>
        ${shown.map((street) => this.#street(street, most))}
      </ul>
      ${
        shown.length < ranked.length
          ? html`<button
              class="button"
              @click=${() => {
                this.isWhole = true;
              }}
            >
              ${t("street_footfall.all", { n: number(ranked.length) })}
            </button>`
          : nothing
      }
    </section>`;
  }

  #advice({ advice }: StreetsFootfall) {
    if (!advice.length) return nothing;
    return html`<section>
      <h2>${t("street_footfall.advice")}</h2>
      <p class="small">${t("street_footfall.advice_hint")}</p>
      <ul>
        ${advice.map(
          ({ segment_id, name, gain_share }) => html`<li>
            <button
              class="street"
              aria-pressed=${this.chosen === segment_id}
              @click=${() => this.emit("street-select", { id: segment_id })}
            >
              <strong>${name}</strong>
              <span class="small">${t("street_footfall.gain", { share: percent(gain_share, 0) })}</span>
            </button>
          </li>`,
        )}
      </ul>
    </section>`;
  }

  #source({ source, period, counts, computed_at }: StreetsFootfall) {
    const query = { municipality: this.municipality };
    return html`<section>
      <p class="small muted">
        ${t("street_footfall.source", {
          sensors: number(counts.sensor),
          hands: number(counts.manual),
          source: source ?? t("unknown"),
          from: period ? date(period.from) : t("unknown"),
          to: period ? date(period.to) : t("unknown"),
          on: computed_at ? date(computed_at) : t("unknown"),
        })}
      </p>
      <p class="files small">
        <a href=${apiUrl("footfall/streets.csv", query)} download>${icon("download", 16)} ${t("street_footfall.csv")}</a>
        <a href=${apiUrl("footfall/streets.geojson", query)} download
          >${icon("download", 16)} ${t("street_footfall.geojson")}</a
        >
      </p>
    </section>`;
  }

  protected override render() {
    const streets = this.streets;
    if (streets.status === "error") {
      return html`<kk-error
        .error=${streets.error}
        @retry=${(event: Event) => {
          event.stopPropagation();
          this.#load();
        }}
      ></kk-error>`;
    }
    if (streets.status !== "ready") return html`<kk-skeleton-rows count="5"></kk-skeleton-rows>`;
    const { value } = streets;
    const n = value.counts.sensor + value.counts.manual;
    if (!value.features.length || !n) {
      return html`<kk-empty
        .heading=${t(value.computed_at && !n ? "street_footfall.none_counted" : "street_footfall.none")}
        .text=${t(value.computed_at && !n ? "street_footfall.none_counted_hint" : "street_footfall.none_hint")}
      ></kk-empty>`;
    }
    const accuracy = accuracyText(value);
    return html`${
      this.chosen === null
        ? html`<section>
            <h2>${t("street_footfall.title")}</h2>
            <p class="answer">${t("street_footfall.answer", { n: number(n) })}</p>
            ${classOnlyTexts(value).map((text) => html`<p class="note">${text}</p>`)}
            <p>${accuracy}</p>
            <p class="small muted">${t("street_footfall.click")}</p>
          </section>`
        : html`<kk-street-why .segment=${this.chosen} .accuracy=${accuracy}></kk-street-why>`
    }
    ${this.#list(rankStreets(value.features))} ${this.#advice(value)} ${this.#source(value)}`;
  }
}
