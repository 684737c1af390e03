import { html, nothing, type PropertyValues } from "lit";
import { customElement, property } from "lit/decorators.js";
import { casesApi, type DueCase } from "../api/cases.ts";
import { date } from "../text/format.ts";
import { labelOf, t } from "../text/index.ts";
import { Asked } from "../ui/asked.ts";
import { controls } from "../ui/controls.ts";
import { dueStyle } from "../ui/due.css.ts";
import { KkElement } from "../ui/element.ts";
import { caseStore } from "./store.ts";

const SHOWN = 5;

/** What is to be done today and what is overdue: small, and gone from sight when there is nothing. */
@customElement("kk-due-cases")
export class KkDueCases extends KkElement {
  /** One municipality; empty for all. */
  @property() municipality = "";
  readonly #due = new Asked(this, (signal) => casesApi.due(this.municipality || null, signal));

  static override styles = [controls, dueStyle];

  readonly #wrote = () => void this.#due.again();

  override connectedCallback(): void {
    super.connectedCallback();
    caseStore.addEventListener("wrote", this.#wrote);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    caseStore.removeEventListener("wrote", this.#wrote);
  }

  protected override willUpdate(changed: PropertyValues): void {
    if (changed.has("municipality")) void this.#due.again();
  }

  #row(item: DueCase, today: string) {
    const late = item.due_on < today;
    return html`<li>
      <span class=${late ? "late num small" : "num small"}>${late ? date(item.due_on) : t("case.today")}</span>
      <a href="#m=${item.nis_code}&tab=cases&section=board&case=${item.id}">${item.next_action ?? item.title}</a>
      <span class="small muted">${item.next_action ? item.title : ""} ${this.municipality ? "" : labelOf(item, "name")}</span>
    </li>`;
  }

  protected override render() {
    const { value } = this.#due;
    if (!value) return nothing;
    const { items, today } = value;
    if (!items.length)
      return html`<p class="small muted" style="margin-bottom: 12px">${t("case.nothing_due")}</p>`;
    const more = items.length - SHOWN;
    return html`<section class="due" aria-labelledby="due">
      <h2 id="due">${t("case.due", { n: items.length })}</h2>
      <ul>${items.slice(0, SHOWN).map((item) => this.#row(item, today))}</ul>
      ${more > 0 ? html`<p class="small muted">${t("case.due_more", { n: more })}</p>` : nothing}
    </section>`;
  }
}
