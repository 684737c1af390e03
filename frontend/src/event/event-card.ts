import { html, nothing, type PropertyValues, type TemplateResult } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import { api, apiUrl } from "../api/client.ts";
import type { EventEditions, EventStudy } from "../api/types.ts";
import { date, euro, number, percent } from "../text/format.ts";
import { labelOf, language, t, tCode } from "../text/index.ts";
import { controls } from "../ui/controls.ts";
import { KkElement } from "../ui/element.ts";
import { IDLE, LOADING, type Loadable, load } from "../ui/loadable.ts";
import { chanceChart, dayChart, dayTable, hourChart } from "./charts.ts";
import { eventStyle } from "./event.css.ts";
import { capturePart, editionsPart, movedPart, sensorsPart } from "./parts.ts";
import { cautionText, daysText, signed } from "./words.ts";

/** What one event changed: the answer first, then all that it rests on. */
@customElement("kk-event-card")
export class KkEventCard extends KkElement {
  @property({ type: Number }) event = 0;
  /** First day of the time it was held; null for the last that was counted. */
  @property() day: string | null = null;
  @state() private study: Loadable<EventStudy> = LOADING;
  @state() private editions: Loadable<EventEditions> = IDLE;
  #asked: AbortController | null = null;
  #isSeen = false;

  static override styles = [controls, eventStyle];

  constructor() {
    super();
    this.addEventListener("retry", (event) => {
      event.stopPropagation();
      this.#load();
    });
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#asked?.abort();
  }

  protected override willUpdate(changed: PropertyValues): void {
    if (changed.has("event") || changed.has("day")) this.#load();
  }

  protected override updated(changed: PropertyValues): void {
    if (!changed.has("study" as never) || this.study.status !== "ready" || this.#isSeen) return;
    // Whoever chose an event far down a list reads its answer first.
    this.#isSeen = true;
    this.renderRoot.querySelector<HTMLElement>("h1")?.focus();
    this.scrollIntoView?.({ block: "start" });
  }

  #load(): void {
    this.#asked?.abort();
    this.#asked = new AbortController();
    const { signal } = this.#asked;
    this.editions = IDLE;
    void load(
      () => api.eventStudy(this.event, this.day, signal),
      (value) => {
        this.study = value;
        if (value.status === "ready" && value.value.reason !== "every_week") this.#loadEditions(signal);
      },
      signal,
    );
  }

  #loadEditions(signal: AbortSignal): void {
    void load(
      () => api.eventEditions(this.event, signal),
      (value) => {
        this.editions = value;
      },
      signal,
    );
  }

  #head(study: EventStudy): TemplateResult {
    const { event, first_on: first, held_to: last, parameters, times } = study;
    const [from, to] = parameters.hours;
    return html`<div class="bar">
        <button class="quiet" @click=${() => this.emit("event-close")}>← ${t("events.back")}</button>
        <button class="button push" @click=${() => this.emit("event-edit", { id: event.id })}>${t("events.change")}</button>
      </div>
      <div>
        <h1 tabindex="-1">${event.name}</h1>
        <p class="small muted">
          ${tCode("event_kind", event.kind)} · ${daysText(first, last)} · ${t("events.hours_of", { from, to })}
        </p>
      </div>
      ${
        times.length > 1
          ? html`<label class="bar small"
              >${t("events.which")}
              <select
                class="field"
                style="width: auto"
                @change=${(change: Event) => {
                  this.day = (change.target as HTMLSelectElement).value;
                }}
              >
                ${[...times].reverse().map((time) => html`<option value=${time.first_on} ?selected=${time.first_on === first}>${daysText(time.first_on, time.last_on)}</option>`)}
              </select></label
            >`
          : nothing
      }`;
  }

  #answer(study: EventStudy): TemplateResult {
    const { verdict, extra, observed, expected, cost_per_extra: cost, event } = study;
    const isSure = verdict === "more" || verdict === "less";
    const second = labelOf(study.forecast, "sentence");
    const lines = [
      extra && observed !== null && expected !== null
        ? t("events.passages", {
            observed: number(observed),
            expected: number(expected),
            extra: number(extra.value),
            lower: number(extra.lower),
            upper: number(extra.upper),
          })
        : observed
          ? t("events.passages_only", { observed: number(observed) })
          : "",
      study.p_value === null || study.effect_share === null
        ? ""
        : t("events.sure", { level: percent(study.level_share, 0), p: percent(study.p_value) }),
      cost && event.cost_net_eur !== null
        ? t(cost.upper === null ? "events.cost_open" : "events.cost", {
            value: number(cost.value, 2),
            lower: number(cost.lower, 2),
            upper: cost.upper === null ? "" : number(cost.upper, 2),
            cost: euro(event.cost_net_eur),
          })
        : "",
      study.smallest_share === null ? "" : t("events.smallest", { share: signed(study.smallest_share) }),
    ].filter(Boolean);
    return html`<section>
      <p class="answer ${isSure ? verdict : "soft"}">${labelOf(study, "sentence")}</p>
      ${second ? html`<p class="second">${second}</p>` : nothing}
      ${lines.map((line) => html`<p class="small">${line}</p>`)}
      ${event.note ? html`<p class="small"><em>${event.note}</em></p>` : nothing}
    </section>`;
  }

  #cautions({ cautions }: EventStudy) {
    if (!cautions.length) return nothing;
    return html`<ul class="cautions small" aria-label=${t("events.cautions")}>
      ${cautions.map((one) => html`<li>${cautionText(one)}</li>`)}
    </ul>`;
  }

  #charts(study: EventStudy) {
    const isCounted = study.days.some(({ observed }) => observed !== null);
    const hasHours = study.hours.some(({ expected }) => expected !== null);
    if (!isCounted) return nothing;
    return html`<section>
        <h2>${t("events.days_title")}</h2>
        ${dayChart(study)}
        <p class="legend small">
          <span><i></i>${t("events.observed")}</span>
          <span><i class="band"></i>${t("events.expected")}</span>
          <span><i class="mark"></i>${t("events.of_event")}</span>
        </p>
        <details class="small">
          <summary>${t("events.as_table")}</summary>
          <div class="wide">${dayTable(study)}</div>
        </details>
      </section>
      ${hasHours ? html`<section><h2>${t("events.hours_title")}</h2>${hourChart(study)}</section>` : nothing}
      ${
        study.effect_share !== null && study.placebo_shares.length >= 5
          ? html`<section>
              <h2>${t("events.chance_title")}</h2>
              ${chanceChart(study)}
              <p class="small muted">${t("events.chance_note", { n: number(study.placebo_shares.length) })}</p>
            </section>`
          : nothing
      }`;
  }

  #how(study: EventStudy): TemplateResult {
    const period = { first: date(study.counted_from ?? ""), last: date(study.counted_to ?? "") };
    const { forecast } = study;
    return html`<details class="small" ?open=${study.verdict === "not_measurable"}>
      <summary>${t("events.how")}</summary>
      <p>${t(`event_how.${study.method}`, { n: study.controls })}</p>
      ${study.without_near?.share == null ? nothing : html`<p>${t("events.without_near", { share: signed(study.without_near.share), lower: signed(study.without_near.lower), upper: signed(study.without_near.upper) })}</p>`}
      ${study.second?.share == null ? nothing : html`<p>${t("events.second", { share: signed(study.second.share), lower: signed(study.second.lower), upper: signed(study.second.upper) })}</p>`}
      ${forecast.share === null ? nothing : html`<p>${t("evt.forecast_how", { n: number(forecast.placebos), level: percent(forecast.level, 0) })}</p>`}
      ${study.counted_from && study.counted_to ? html`<p>${t("events.period", period)}</p>` : nothing}
      <p>${t("events.passage_note")}</p>
    </details>`;
  }

  #files({ event, first_on: on }: EventStudy): TemplateResult {
    const link = (ending: string) => apiUrl(`events/${event.id}/effect.${ending}`, { on, lang: language() });
    return html`<div class="bar">
      <a class="button primary" href=${link("pdf")} download>${t("events.report")}</a>
      <a class="button" href=${link("xlsx")} download>${t("events.workbook")}</a>
      <a class="button" href=${link("csv")} download>${t("export.csv")}</a>
    </div>`;
  }

  protected override render() {
    const study = this.study;
    if (study.status === "error") {
      return html`<button class="quiet" @click=${() => this.emit("event-close")}>← ${t("events.back")}</button>
        <kk-error .error=${study.error}></kk-error>`;
    }
    if (study.status !== "ready") {
      return html`<p class="small muted" role="status">${t("events.measuring")}</p>
        <kk-skeleton-rows count="6"></kk-skeleton-rows>`;
    }
    const { value } = study;
    return html`${this.#head(value)} ${this.#answer(value)} ${this.#cautions(value)} ${this.#files(value)}
      ${this.#charts(value)} ${movedPart(value)} ${sensorsPart(value)} ${capturePart(value)}
      ${editionsPart(this.editions)} ${this.#how(value)}`;
  }
}
