import { html, nothing, type PropertyValues } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import { api } from "../api/client.ts";
import type {
  CountFinding,
  CountFindings,
  FindingVerdict,
  SensorQualities,
  SensorQuality,
} from "../api/types.ts";
import { date, number, percent } from "../text/format.ts";
import { language, t } from "../text/index.ts";
import { controls } from "../ui/controls.ts";
import { KkElement } from "../ui/element.ts";
import { icon } from "../ui/icons.ts";
import { LOADING, type Loadable, load, ready } from "../ui/loadable.ts";
import { qualityStyle } from "./quality.css.ts";
import { partsOf, shareBar, shareLegend } from "./quality-chart.ts";
import { bySensor, type Shown, shownAs } from "./quality-order.ts";

const ALIAS = "kernkaart.alias";
const SHOWN: readonly Shown[] = ["open", "decided", "gap"];

/** Can the counts be believed: what looks wrong, for a person to judge, and how many hours of each sensor count. */
@customElement("kk-count-quality")
export class KkCountQuality extends KkElement {
  @property() municipality = "";
  @state() private shown: Shown = "open";
  @state() private list: Loadable<CountFindings> = LOADING;
  @state() private quality: Loadable<SensorQualities> = LOADING;
  @state() private alias = localStorage.getItem(ALIAS) ?? "";
  @state() private isBusy = false;
  @state() private error: unknown = null;
  @state() private done: { finding: CountFinding; verdict: FindingVerdict } | null = null;
  #asked = new AbortController();
  #told = "";

  static override styles = [controls, qualityStyle];

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#asked.abort();
  }

  protected override willUpdate(changed: PropertyValues): void {
    // Sentences come from the server in the language of the page.
    const told = `${this.municipality} ${language()}`;
    if (!this.municipality || told === this.#told) return;
    if (changed.has("municipality")) {
      this.done = this.error = null;
      this.shown = "open";
    }
    this.#told = told;
    this.list = this.quality = LOADING;
    void this.#load();
  }

  /** Ask anew; what is shown stays until the answer comes. */
  async #load(): Promise<void> {
    this.#asked.abort();
    this.#asked = new AbortController();
    const { signal } = this.#asked;
    const keep = <T>(now: Loadable<T>, next: Loadable<T>) =>
      next.status === "loading" && now.status === "ready" ? now : next;
    await Promise.all([
      load(
        () => api.countFindings({ municipality: this.municipality, lang: language(), limit: 1000 }, signal),
        (value) => {
          this.list = keep(this.list, value);
        },
        signal,
      ),
      load(
        () => api.countQuality(this.municipality, signal),
        (value) => {
          this.quality = keep(this.quality, value);
        },
        signal,
      ),
    ]);
  }

  async #act(act: () => Promise<unknown>): Promise<boolean> {
    this.isBusy = true;
    this.error = null;
    try {
      await act();
      await this.#load();
      return true;
    } catch (error) {
      this.error = error;
      return false;
    } finally {
      this.isBusy = false;
    }
  }

  async #decide(finding: CountFinding, verdict: FindingVerdict, reason: string | null): Promise<void> {
    const by = this.alias.trim() || t("worklist.nobody");
    const { municipality } = this;
    const isDone = await this.#act(() =>
      api.decideFindings({ municipality, findings: [finding.id], verdict, by, reason }),
    );
    if (!isDone) return;
    this.done = { finding, verdict };
    await this.updateComplete;
    this.renderRoot.querySelector<HTMLElement>(".undo button")?.focus();
  }

  async #undo(finding: CountFinding): Promise<void> {
    const by = this.alias.trim() || t("worklist.nobody");
    const { municipality } = this;
    if (await this.#act(() => api.undoFindings({ municipality, findings: [finding.id], by })))
      this.done = null;
  }

  #shares() {
    const { quality } = this;
    if (quality.status === "error") {
      return html`<kk-error .error=${quality.error} @retry=${this.#retry}></kk-error>`;
    }
    const value = ready(quality);
    if (!value) return html`<kk-skeleton-rows count="3"></kk-skeleton-rows>`;
    return html`<div class="shares">
        ${value.items.map((item) => {
          const parts = partsOf(item);
          return html`<span>${item.sensor}</span>
            <span>${shareBar(item)}</span>
            <span class="num">${parts ? percent(parts.valid, 0) : "–"}</span>`;
        })}
      </div>
      ${shareLegend()}
      <p class="small muted">${t("cq.period", { from: date(value.from), to: date(value.to) })}</p>
      <details>
        <summary>${t("as_table")}</summary>
        ${this.#table(value.items)}
      </details>`;
  }

  #table(items: readonly SensorQuality[]) {
    const cell = (share: number | null) => html`<td>${share === null ? "–" : percent(share, 1)}</td>`;
    return html`<div class="scroll">
      <table class="num">
        <thead>
          <tr>
            <th scope="col">${t("footfall.sensor")}</th>
            <th scope="col">${t("cq.valid")}</th>
            <th scope="col">${t("cq.in_doubt")}</th>
            <th scope="col">${t("cq.left_out_column")}</th>
            <th scope="col">${t("cq.missing")}</th>
            <th scope="col">${t("cq.filled")}</th>
          </tr>
        </thead>
        <tbody>
          ${items.map(
            (item) => html`<tr>
              <th scope="row">${item.sensor}</th>
              ${cell(item.valid_share)}${cell(item.in_doubt_share)}${cell(item.left_out_share)}${cell(item.missing_share)}${cell(item.fillable_share)}
            </tr>`,
          )}
        </tbody>
      </table>
    </div>`;
  }

  #retry = (event: Event): void => {
    event.stopPropagation();
    void this.#load();
  };

  #toast() {
    const done = this.done;
    if (!done) return nothing;
    return html`<div class="undo" role="status">
      <span>${t(done.verdict === "confirmed" ? "cq.done_wrong" : "cq.done_right", { sensor: done.finding.sensor })}</span>
      <button class="quiet" ?disabled=${this.isBusy} @click=${() => void this.#undo(done.finding)}>
        ${icon("reset", 16)} ${t("undo")}
      </button>
    </div>`;
  }

  #findings(list: CountFindings) {
    const count = (shown: Shown) => list.items.filter((item) => shownAs(item) === shown).length;
    const items = list.items.filter((item) => shownAs(item) === this.shown);
    const groups = bySensor(items);
    return html`<div class="choice" role="group" aria-label=${t("cq.which")}>
        ${SHOWN.map(
          (shown) => html`<button
            class="button"
            aria-pressed=${this.shown === shown}
            @click=${() => {
              this.shown = shown;
            }}
          >
            ${t(`cq.shown_${shown}`)} <span class="badge num">${number(count(shown))}</span>
          </button>`,
        )}
      </div>
      ${this.shown === "gap" ? html`<p class="small muted">${t("cq.gap_note")}</p>` : nothing}
      ${
        this.shown === "open" && items.length > 0
          ? html`<div class="tools">
            <label class="small"
              >${t("worklist.alias")}
              <input
                class="field"
                maxlength="60"
                .value=${this.alias}
                @change=${(event: Event) => {
                  this.alias = (event.target as HTMLInputElement).value;
                  localStorage.setItem(ALIAS, this.alias);
                }}
            /></label>
          </div>`
          : nothing
      }
      ${items.length === 0 ? html`<p class="muted">${t(`cq.none_${this.shown}`)}</p>` : nothing}
      <div
        @finding-decide=${({
          detail,
        }: CustomEvent<{ finding: CountFinding; verdict: FindingVerdict; reason: string | null }>) =>
          void this.#decide(detail.finding, detail.verdict, detail.reason)}
        @finding-undo=${({ detail }: CustomEvent<{ finding: CountFinding }>) => void this.#undo(detail.finding)}
      >
        ${groups.map(
          ([sensor, own], group) => html`<h3>${sensor}</h3>
            ${own.map(
              (finding, i) => html`<kk-count-finding
                .finding=${finding}
                ?busy=${this.isBusy}
                ?open=${group === 0 && i === 0}
                data-key=${finding.id}
              ></kk-count-finding>`,
            )}`,
        )}
      </div>`;
  }

  protected override render() {
    const { list } = this;
    if (list.status === "error")
      return html`<kk-error .error=${list.error} @retry=${this.#retry}></kk-error>`;
    if (list.status !== "ready") return html`<kk-skeleton-rows count="6"></kk-skeleton-rows>`;
    if (ready(this.quality)?.items.length === 0) {
      return html`<kk-empty .heading=${t("passing.none")} .text=${t("passing.none_hint")}
        ><code>./kernkaart run import sensors</code></kk-empty
      >`;
    }
    const waiting = list.value.items.filter((item) => shownAs(item) === "open").length;
    return html`<section>
        <h2 class="visually-hidden">${t("section.quality")}</h2>
        <p class="answer">
          ${waiting === 0 ? t("cq.nothing") : t(waiting === 1 ? "cq.one" : "cq.some", { n: number(waiting) })}
        </p>
        <p class="small muted">${t("cq.about")}</p>
      </section>
      <section aria-labelledby="shares">
        <h2 id="shares">${t("cq.shares")}</h2>
        ${this.#shares()}
      </section>
      <section aria-labelledby="findings">
        <h2 id="findings">${t("cq.findings")}</h2>
        ${this.#toast()} ${this.error ? html`<kk-error .error=${this.error} plain></kk-error>` : nothing}
        ${this.#findings(list.value)}
      </section>`;
  }
}
