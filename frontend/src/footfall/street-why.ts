import { css, html, nothing, type PropertyValues } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import { api } from "../api/client.ts";
import type { StreetCount, StreetDriver, StreetWhy } from "../api/types.ts";
import { metres, number, percent, roughly } from "../text/format.ts";
import { type TextKey, t } from "../text/index.ts";
import { controls } from "../ui/controls.ts";
import { KkElement } from "../ui/element.ts";
import { icon } from "../ui/icons.ts";
import { IDLE, type Loadable, load } from "../ui/loadable.ts";
import { busyText, rangeText, tellingFactors } from "./street-words.ts";

const DRIVERS: Record<StreetDriver, TextKey> = {
  shops: "street_footfall.driver_shops",
  anchors: "street_footfall.driver_anchors",
  parking: "street_footfall.driver_parking",
  stops: "street_footfall.driver_stops",
  from_stops: "street_footfall.driver_from_stops",
  from_parking: "street_footfall.driver_from_parking",
  from_homes: "street_footfall.driver_from_homes",
  between_shops: "street_footfall.driver_between_shops",
};

/** Why the number of one street is what it is. */
@customElement("kk-street-why")
export class KkStreetWhy extends KkElement {
  @property({ type: Number }) segment: number | null = null;
  @property() accuracy = "";
  @state() private why: Loadable<StreetWhy> = IDLE;
  #asked: AbortController | null = null;

  static override styles = [
    controls,
    css`
      :host {
        display: block;
        padding: 12px 14px;
        border: 1px solid var(--line-2);
        border-radius: var(--radius);
        background: var(--surface);
      }
      .head {
        display: flex;
        align-items: start;
        justify-content: space-between;
        gap: 8px;
      }
      h2 {
        font-size: 16px;
      }
      h3 {
        margin-top: 10px;
        font-size: 14px;
      }
      .answer {
        font-size: 18px;
        font-weight: 600;
      }
      li {
        display: grid;
        grid-template-columns: 1fr auto;
        gap: 0 10px;
        padding: 4px 0;
        border-top: 1px solid var(--line);
        font-size: 14px;
      }
      li .small {
        grid-column: 1 / -1;
      }
    `,
  ];

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#asked?.abort();
  }

  protected override willUpdate(changed: PropertyValues): void {
    if (changed.has("segment")) this.#load();
  }

  #load(): void {
    this.#asked?.abort();
    const { segment } = this;
    if (segment === null) {
      this.why = IDLE;
      return;
    }
    this.#asked = new AbortController();
    const { signal } = this.#asked;
    void load(
      () => api.streetFootfall(segment, signal),
      (value) => {
        this.why = value;
      },
      signal,
    );
  }

  #count(count: StreetCount) {
    const where =
      count.distance_m === null
        ? t("street_footfall.far")
        : t("street_footfall.away", { distance: metres(count.distance_m) });
    const kind =
      count.kind === "sensor"
        ? t("street_footfall.by_sensor")
        : t("street_footfall.by_hand", { n: number(count.n_visits) });
    return html`<li>
      <span>${count.name}</span><strong class="num">${percent(count.weight, 0)}</strong>
      <span class="small muted">${kind}, ${where}, ${t("street_footfall.per_day", { value: roughly(count.per_day) })}</span>
    </li>`;
  }

  #factor(text: string, factor: number) {
    const share = percent(Math.abs(factor - 1), 0);
    return html`<li>
      <span>${text}</span>
      <strong class="num">${factor > 1 ? t("street_footfall.up", { share }) : t("street_footfall.down", { share })}</strong>
    </li>`;
  }

  #parts(why: StreetWhy) {
    return html`<h3>${t("street_footfall.counts")}</h3>
      <p class="small muted">${t("street_footfall.counts_hint")}</p>
      <ul>
        ${why.counts.map((count) => this.#count(count))}
      </ul>
      ${why.class_reason ? nothing : this.#drivers(why)}`;
  }

  #drivers(why: StreetWhy) {
    const factors = tellingFactors(why.drivers);
    const nearby = tellingFactors([{ code: null, factor: why.nearby_factor ?? 1 }]);
    return html`<h3>${t("street_footfall.drivers")}</h3>
      <p class="small muted">
        ${why.average_per_day === null ? nothing : t("street_footfall.average", { value: roughly(why.average_per_day) })}
      </p>
      ${factors.length + nearby.length === 0 ? html`<p class="small">${t("street_footfall.no_drivers")}</p>` : nothing}
      <ul>
        ${factors.map(({ code, factor }) => this.#factor(t(DRIVERS[code]), factor))}
        ${nearby.map(({ factor }) => this.#factor(t("street_footfall.nearby"), factor))}
      </ul>`;
  }

  protected override render() {
    const why = this.why;
    if (why.status === "error") return html`<kk-error .error=${why.error} @retry=${this.#retry}></kk-error>`;
    if (why.status !== "ready") return html`<kk-skeleton-rows count="3"></kk-skeleton-rows>`;
    const { value } = why;
    return html`<div class="head">
        <h2>${t(value.class_reason ? "street_footfall.why_class" : "street_footfall.why", { name: value.name ?? t("street_footfall.nameless") })}</h2>
        <button
          class="quiet square"
          aria-label=${t("close")}
          @click=${() => this.emit("street-select", { id: null })}
        >
          ${icon("close")}
        </button>
      </div>
      <p class="answer">${busyText(value)}</p>
      <p>${rangeText(value)}</p>
      ${value.class_reason ? html`<p class="small">${t("street_footfall.kind_only")}</p>` : nothing}
      ${value.is_class_only && !value.reason && !value.class_reason ? html`<p class="small muted">${t("street_footfall.class_only")}</p>` : nothing}
      ${value.counts.length ? this.#parts(value) : nothing}
      <h3>${t("street_footfall.sure")}</h3>
      <p class="small">${this.accuracy}</p>`;
  }

  readonly #retry = (event: Event) => {
    event.stopPropagation();
    this.#load();
  };
}
