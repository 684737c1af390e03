import { html, nothing, type PropertyValues } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import { type CaseConflict, type CaseDetail, type CaseFacts, type CaseStep, casesApi } from "../api/cases.ts";
import { ApiError } from "../api/client.ts";
import { date } from "../text/format.ts";
import { t, tCode } from "../text/index.ts";
import { Asked } from "../ui/asked.ts";
import { controls } from "../ui/controls.ts";
import { KkElement } from "../ui/element.ts";
import { icon } from "../ui/icons.ts";
import { caseStyle } from "./cases.css.ts";
import { factText } from "./fact-text.ts";
import { Listening } from "./listening.ts";
import { caseStore, undoOf } from "./store.ts";
import "./case-documents.ts";
import "./case-parts.ts";
import "./facts-form.ts";
import "./merge.ts";
import "./step-form.ts";

const FACTS = [
  "prospect_name",
  "branch_code",
  "is_wished",
  "min_m2",
  "max_m2",
  "max_rent_eur_per_month",
  "needs",
] as const;

/** One case: where it stands, what comes next, what it looks for, and all that happened. */
@customElement("kk-case")
export class KkCase extends KkElement {
  @property({ type: Number }) case = 0;
  @property({ attribute: false }) choices: readonly { id: number; address: string }[] = [];
  /** The case as it was when its form was opened: what somebody else writes meanwhile must not slip under it. */
  @state() private edited: CaseDetail | null = null;
  @state() private conflict: { by: string; version: number; fields: CaseConflict[] } | null = null;
  readonly #item = new Asked(this, (signal) => (this.case ? casesApi.get(this.case, signal) : null));
  readonly #wrote = (event: Event) => {
    const told = (event as CustomEvent<CaseDetail | null>).detail;
    if (told?.id === this.case && told.changes) this.#item.put(told);
    else void this.#item.again();
  };

  constructor() {
    super();
    new Listening(this);
  }

  static override styles = [controls, caseStyle];

  override connectedCallback(): void {
    super.connectedCallback();
    caseStore.addEventListener("wrote", this.#wrote);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    caseStore.removeEventListener("wrote", this.#wrote);
  }

  protected override willUpdate(changed: PropertyValues): void {
    if (!changed.has("case")) return;
    this.edited = null;
    this.conflict = null;
    void this.#item.anew().then(async () => {
      await this.updateComplete;
      this.renderRoot.querySelector<HTMLElement>("h2")?.focus();
    });
  }

  async #save(item: CaseDetail, patch: Partial<CaseFacts>, version = item.version): Promise<void> {
    if (!Object.keys(patch).length) {
      this.edited = null;
      this.conflict = null;
      await this.#item.again();
      return;
    }
    const saved = await caseStore.act(
      () => casesApi.change(item.id, version, patch),
      undoOf(t("case.saved", { title: patch.title ?? item.title })),
      `save ${item.id}`,
    );
    const { error } = caseStore;
    if (saved) {
      this.edited = null;
      this.conflict = null;
    } else if (error instanceof ApiError && error.status === 412) {
      const { fields, version: now } = error.values as unknown as { fields: CaseConflict[]; version: number };
      this.conflict = { by: String(error.values.by ?? ""), version: now, fields };
      caseStore.error = null;
      caseStore.tell();
      await this.updateComplete;
      this.renderRoot.querySelector<HTMLElement>("kk-case-merge")?.focus();
    }
  }

  #ask(item: CaseDetail, step: CaseStep): void {
    const to = tCode("case_state", step.to);
    void caseStore.move(item, step, t("case.moved", { title: item.title, to })).then(async () => {
      await this.updateComplete;
      this.renderRoot.querySelector<HTMLElement>("kk-case-step")?.focus();
    });
  }

  #steps(item: CaseDetail) {
    const asked = caseStore.asked?.id === item.id ? caseStore.asked : null;
    const step = asked && item.steps.find(({ to }) => to === asked.to);
    if (step) return html`<kk-case-step .item=${item} .step=${step}></kk-case-step>`;
    const [main] = item.steps.filter(({ way }) => way === "forward" || way === "resume");
    const rest = item.steps.filter((one) => one !== main);
    return html`<div class="bar" role="group" aria-label=${t("case.steps")}>
      ${main ? html`<button class="button primary" @click=${() => this.#ask(item, main)}>→ ${tCode("case_state", main.to)}</button>` : nothing}
      ${
        rest.length
          ? html`<select class="field" aria-label=${t("case.other_step")}
              @change=${(event: Event) => {
                const field = event.target as HTMLSelectElement;
                const found = rest.find(({ to }) => to === field.value);
                field.value = "";
                if (found) this.#ask(item, found);
              }}>
              <option value="">${t("case.other_step")}</option>
              ${rest.map(({ to, way }) => html`<option value=${to}>${way === "back" ? "← " : ""}${tCode("case_state", to)}</option>`)}
            </select>`
          : nothing
      }
    </div>`;
  }

  #next(item: CaseDetail) {
    if (!item.next_action && !item.due_on) return html`<p class="small muted">${t("case.no_next")}</p>`;
    const isLate = item.due_on !== null && item.due_on < item.today;
    return html`<p>
      <strong>${item.next_action ?? t("case.look_again")}</strong>
      <span class="small ${isLate ? "late" : "muted"}">${item.due_on ? date(item.due_on) : ""}${isLate ? ` (${t("case.late")})` : ""} · ${t("case.acts", { who: tCode("case_actor", item.acts) })}${item.handled_by ? ` · ${item.handled_by}` : ""}</span>
    </p>`;
  }

  #remove(item: CaseDetail): void {
    const text = t("case.removed", { title: item.title });
    void caseStore
      .act(
        () => casesApi.remove(item.id),
        () => ({ text, undo: () => casesApi.restore(item.id) }),
        `remove ${item.id}`,
      )
      .then((done) => {
        if (done) this.emit("view-change", { case: null });
      });
  }

  #facts(item: CaseDetail) {
    return html`<dl class="rows">
        ${FACTS.map((name) => html`<div class="small"><dt class="muted">${t(`case_fact.${name}`)}:</dt> <dd>${factText(name, item[name])}</dd></div>`)}
        ${item.signed_on ? html`<div class="small"><dt class="muted">${t("case_fact.signed_on")}:</dt> <dd>${date(item.signed_on)}${item.is_temporary ? ` (${t("case.is_temporary")})` : ""}</dd></div>` : nothing}
        ${item.opened_on ? html`<div class="small"><dt class="muted">${t("case_fact.opened_on")}:</dt> <dd>${date(item.opened_on)}</dd></div>` : nothing}
        ${item.state === "lost" && item.loss_reason ? html`<div class="small"><dt class="muted">${t("case_fact.loss_reason")}:</dt> <dd>${tCode("loss_reason", item.loss_reason)}</dd></div>` : nothing}
      </dl>
      <div class="bar">
        <button class="button" @click=${() => {
          this.edited = item;
          void this.updateComplete.then(() =>
            this.renderRoot.querySelector<HTMLElement>("kk-case-facts")?.focus(),
          );
        }}>${icon("pen", 16)} ${t("case.edit")}</button>
        <button class="quiet push" @click=${() => this.#remove(item)}>${icon("trash", 16)} ${t("case.remove")}</button>
      </div>`;
  }

  #all(item: CaseDetail) {
    const conflict = this.conflict;
    return html`<div class="pad">
      <div class="bar">
        <button class="quiet" @click=${() => this.emit("view-change", { case: null })}>${icon("back", 16)} ${t("case.all")}</button>
      </div>
      <div>
        <span class="badge accent">${tCode("case_state", item.state)}</span>
        <h2 tabindex="-1">${item.title}</h2>
      </div>
      ${this.#steps(item)} ${this.#next(item)}
      ${
        conflict
          ? html`<kk-case-merge .by=${conflict.by} .fields=${conflict.fields}
              @case-merged=${(event: CustomEvent) => void this.#save(item, event.detail, conflict.version)}></kk-case-merge>`
          : this.edited
            ? html`<kk-case-facts .facts=${this.edited}
                @case-facts=${(event: CustomEvent) => void this.#save(this.edited ?? item, event.detail)}
                @case-cancel=${() => {
                  this.edited = null;
                }}></kk-case-facts>`
            : this.#facts(item)
      }
      <kk-contacts .municipality=${item.nis_code} .case=${item.id}></kk-contacts>
      ${item.units.length ? html`<kk-unit-files .case=${item.id}></kk-unit-files>` : nothing}
      <kk-case-documents .case=${item.id}></kk-case-documents>
      <kk-case-parts .item=${item} .choices=${this.choices}></kk-case-parts>
    </div>`;
  }

  protected override render() {
    return this.#item.draw((item) => this.#all(item));
  }
}
