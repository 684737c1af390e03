import { html, nothing } from "lit";
import { customElement, property } from "lit/decorators.js";
import type { CaseDetail, CaseStep, CaseStepIn } from "../api/cases.ts";
import { casesApi } from "../api/cases.ts";
import { t, tCode } from "../text/index.ts";
import { controls } from "../ui/controls.ts";
import { KkElement } from "../ui/element.ts";
import { caseStyle } from "./cases.css.ts";
import { caseStore, takesLeaseBack, undoOf } from "./store.ts";

const LOSS_REASONS = [
  "rent",
  "size",
  "state",
  "location_footfall",
  "parking_access",
  "permit",
  "finance",
  "expansion_stop",
  "chose_other_city",
  "owner_refused",
  "no_response",
  "not_wished",
  "other",
] as const;
/** What the step itself asks; the rest is asked of the facts of the case. */
const OWN = ["next_action_on", "signed_on", "signed_unit_id", "opened_on", "hold_until", "loss_reason"];

/** One step, with what it asks before it can be taken. */
@customElement("kk-case-step")
export class KkCaseStep extends KkElement {
  @property({ attribute: false }) item!: CaseDetail;
  @property({ attribute: false }) step!: CaseStep;

  static override styles = [controls, caseStyle];

  override focus(): void {
    this.renderRoot.querySelector<HTMLElement>(".field, button")?.focus();
  }

  #take(event: SubmitEvent): void {
    event.preventDefault();
    const given = new FormData(event.target as HTMLFormElement);
    const text = (name: string) => String(given.get(name) ?? "") || null;
    const { to, way } = this.step;
    const body: CaseStepIn = { to };
    if (to === "signed" && way === "forward") {
      body.on = text("on");
      body.shop_unit = Number(text("unit"));
      body.is_temporary = given.has("temporary");
    }
    if (to === "opened" && way === "forward") body.on = text("on");
    if (to === "visit_planned") body.next_action_on = text("day");
    if (to === "on_hold") body.hold_until = text("day");
    if (to === "lost") body.loss_reason = text("reason");
    const { item } = this;
    const moved = t("case.moved", { title: item.title, to: tCode("case_state", to) });
    void caseStore
      .act(() => casesApi.step(item.id, item.version, body), undoOf(moved), `step ${item.id}`)
      .then((done) => {
        if (done && (to === "signed" || item.signed_on !== null)) this.emit("units-changed");
      });
  }

  #day(name: string, label: string, value: string, last: string | null = null) {
    return html`<label>${label} <input class="field" type="date" name=${name} required max=${last ?? nothing} .value=${value} /></label>`;
  }

  #asked() {
    const { item, step } = this;
    const isBack = step.way === "back";
    // The day of a visit that was made is gone; going back to planning it asks for a new one.
    if (step.to === "visit_planned" && (!isBack || step.needs.includes("next_action_on")))
      return this.#day("day", t("case.visit_on"), item.next_action_on ?? "");
    if (isBack) return nothing;
    if (step.to === "on_hold") return this.#day("day", t("case.hold_until"), "");
    if (step.to === "opened") return this.#day("on", t("case.opened_on"), item.today, item.today);
    if (step.to === "lost")
      return html`<label>${t("case.loss_reason")}
        <select class="field" name="reason" required>
          <option value=""></option>
          ${LOSS_REASONS.map((code) => html`<option value=${code}>${tCode("loss_reason", code)}</option>`)}
        </select></label>`;
    if (step.to !== "signed") return nothing;
    return html`<label>${t("case.signed_unit")}
        <select class="field" name="unit" required>
          ${item.units.map((unit) => html`<option value=${unit.shop_unit_id}>${unit.address}</option>`)}
        </select></label>
      ${this.#day("on", t("case.signed_on"), item.today, item.today)}
      <label class="check wide"><input type="checkbox" name="temporary" /> ${t("case.temporary")}</label>
      <p class="small muted wide">${t("case.signed_note")}</p>`;
  }

  protected override render() {
    const { item, step } = this;
    const lacks = step.needs.filter((name) => !OWN.includes(name));
    const to = tCode("case_state", step.to);
    return html`<form class="box" @submit=${this.#take}>
      <h3 class="wide">${to}</h3>
      ${
        lacks.length
          ? html`<p class="small wide">${t("case.lacks")} ${lacks.map((name) => t(`case_lacks.${name}` as "case_lacks.unit")).join(", ")}.</p>`
          : this.#asked()
      }
      ${takesLeaseBack(item, step) ? html`<p class="small wide">${t("case.unsign_note")}</p>` : nothing}
      <div class="bar wide">
        ${lacks.length ? nothing : html`<button class="button primary">${t("case.take_step", { to })}</button>`}
        <button
          class="button"
          type="button"
          @click=${() => {
            caseStore.asked = null;
            caseStore.tell();
          }}
        >
          ${t("case.cancel")}
        </button>
      </div>
    </form>`;
  }
}
