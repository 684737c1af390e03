import { css, html, nothing } from "lit";
import { customElement, property, query } from "lit/decorators.js";
import { date } from "../text/format.ts";
import { language, t } from "../text/index.ts";
import { controls } from "../ui/controls.ts";
import { KkElement } from "../ui/element.ts";
import { ready } from "../ui/loadable.ts";
import type { Session } from "./session.ts";
import type { KkUnitsTab } from "./units-tab.ts";
import { TABS, type Tab } from "./view.ts";

/** The column beside the map: the list of shop units, the weights, the vacancy figures. */
@customElement("kk-side")
export class KkSide extends KkElement {
  @property({ attribute: false }) session!: Session;
  /** Counts up whenever the session changed, so that this is drawn again. */
  @property({ type: Number }) turn = 0;
  @query("kk-units-tab") private units!: KkUnitsTab | null;

  static override styles = [
    controls,
    css`
      :host {
        display: flex;
        flex-direction: column;
        min-height: 0;
        height: 100%;
        background: var(--surface);
      }
      .tabs {
        display: flex;
        flex: none;
        justify-content: space-between;
        padding: 0 8px;
        border-bottom: 1px solid var(--line);
        overflow: auto hidden;
        scrollbar-width: none;
      }
      .tabs button {
        flex: none;
        min-height: 42px;
        padding: 0 2px;
        border: 0;
        border-bottom: 2px solid transparent;
        background: none;
        color: var(--ink-2);
        font-size: 14px;
        font-weight: 500;
      }
      .tabs button:hover {
        color: var(--ink);
      }
      .tabs button[aria-selected="true"] {
        border-bottom-color: var(--accent);
        color: var(--accent);
        font-weight: 600;
      }
      .past {
        display: flex;
        flex: none;
        align-items: center;
        justify-content: space-between;
        gap: 8px;
        margin: 0;
        padding: 6px 12px;
        background: var(--warn-ground);
        color: var(--warn-ink);
        font-weight: 600;
        font-size: 14px;
      }
      .panel {
        flex: 1;
        min-height: 0;
        display: flex;
        flex-direction: column;
      }
      .panel.scrolls {
        display: block;
        overflow-y: auto;
      }
      @media (max-height: 480px) {
        :host {
          display: block;
          overflow-y: auto;
        }
        .panel {
          height: auto;
        }
      }
    `,
  ];

  /** The list's tab may have been chosen just now, and is then still to be drawn. */
  async focusSearch(): Promise<void> {
    await this.updateComplete;
    await this.units?.updateComplete;
    await this.units?.focusSearch();
  }

  /** Back to the list, after what was open beside it has closed. */
  focusList(): void {
    this.units?.focusList();
  }

  /** To the tab that is open, after something led there. */
  focusTab(): void {
    void this.updateComplete.then(() =>
      this.renderRoot.querySelector<HTMLElement>('[role="tab"][aria-selected="true"]')?.focus(),
    );
  }

  /** Close what lies open on top; answers whether there was something. */
  closeFilters(): boolean {
    return this.units?.closeFilters() ?? false;
  }

  #tabKeys(event: KeyboardEvent): void {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!step) return;
    event.preventDefault();
    const next = TABS[(TABS.indexOf(this.session.view.tab) + step + TABS.length) % TABS.length]!;
    this.emit("tab-select", { tab: next });
    void this.updateComplete.then(() => this.renderRoot.querySelector<HTMLElement>(`#tab-${next}`)?.focus());
  }

  #tabs(current: Tab) {
    return html`<div class="tabs" role="tablist" aria-label=${t("side.tabs")} @keydown=${this.#tabKeys}>
      ${TABS.map(
        (tab) => html`<button
          id="tab-${tab}"
          role="tab"
          aria-selected=${tab === current}
          aria-controls="panel"
          tabindex=${tab === current ? 0 : -1}
          @click=${() => this.emit("tab-select", { tab })}
        >
          ${t(`tab.${tab}`)}
        </button>`,
      )}
    </div>`;
  }

  /** Whatever the tab shows is of a past day: nobody may take it for today. */
  #past() {
    const { on } = this.session.view;
    if (!on) return nothing;
    return html`<p class="past" role="status">
      ${t("time.list", { on: date(on) })}
      <button class="button" @click=${() => this.emit("day-select", { on: null, how: "push" })}>${t("time.today")}</button>
    </p>`;
  }

  #weights() {
    const { session } = this;
    if (session.view.on) {
      return html`<kk-empty .heading=${t("time.no_scores")} .text=${t("time.no_scores_hint")}></kk-empty>`;
    }
    const criteria = session.points?.criteria ?? [];
    if (session.loaded.points.status === "error")
      return html`<kk-error .error=${session.loaded.points.error}></kk-error>`;
    if (ready(session.loaded.municipality)?.refreshed_at === null) {
      return html`<kk-empty .heading=${t("weights.none")} .text=${t("unrefreshed")}><code>./kernkaart refresh</code></kk-empty>`;
    }
    return html`<kk-profile-panel
        .municipality=${session.view.municipality ?? ""}
        .profile=${session.view.profile}
        .weights=${session.view.weights}
        .draft=${session.profiles.draft}
        .ranked=${session.profiles.ranked}
      ></kk-profile-panel>
      <kk-compare
        .units=${session.view.compared}
        .municipality=${session.view.municipality ?? ""}
        .profile=${session.view.profile}
        .draft=${session.profiles.draft}
        .weights=${session.view.weights}
        .points=${session.points}
        .language=${language()}
      ></kk-compare>
      <kk-weights-panel .criteria=${criteria} .weights=${session.view.weights} .known=${session.knownCriteria}></kk-weights-panel>`;
  }

  #inside(tab: Tab) {
    const { session, turn } = this;
    if (tab === "units") return html`<kk-units-tab .session=${session} .turn=${turn}></kk-units-tab>`;
    if (tab === "weights") return this.#weights();
    if (tab === "vacancy") return html`<kk-vacancy-tab .session=${session} .turn=${turn}></kk-vacancy-tab>`;
    if (tab === "cases") return html`<kk-cases-tab .session=${session} .turn=${turn}></kk-cases-tab>`;
    if (tab === "footfall")
      return html`<kk-footfall-tab .session=${session} .turn=${turn}></kk-footfall-tab>`;
    return html`<kk-catchment-tab .session=${session} .turn=${turn}></kk-catchment-tab>`;
  }

  protected override render() {
    const { tab } = this.session.view;
    return html`${this.#tabs(tab)} ${this.#past()}
      <div
        id="panel"
        role="tabpanel"
        aria-labelledby="tab-${tab}"
        class="panel ${tab === "units" ? "" : "scrolls"}"
        tabindex=${tab === "vacancy" || tab === "footfall" ? "0" : nothing}
      >
        ${this.#inside(tab)}
      </div>`;
  }
}
