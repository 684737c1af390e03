import { html, nothing } from "lit";
import { customElement } from "lit/decorators.js";
import { type DuePerson, personsApi } from "../api/persons.ts";
import { date } from "../text/format.ts";
import { labelOf, t } from "../text/index.ts";
import { Asked } from "../ui/asked.ts";
import { controls } from "../ui/controls.ts";
import { dueStyle } from "../ui/due.css.ts";
import { KkElement } from "../ui/element.ts";

const SHOWN = 3;

/** Contacts that are to be informed that they are kept: by place, without a name; nothing where nobody is. */
@customElement("kk-due-contacts")
export class KkDueContacts extends KkElement {
  readonly #due = new Asked(this, (signal) => personsApi.due(signal));

  static override styles = [controls, dueStyle];

  override connectedCallback(): void {
    super.connectedCallback();
    void this.#due.again();
  }

  #row(item: DuePerson, today: string) {
    const place = item.case_id
      ? `tab=cases&section=board&case=${item.case_id}`
      : item.shop_unit_id
        ? `unit=${item.shop_unit_id}`
        : "tab=cases";
    return html`<li>
      <span class=${item.due_on < today ? "late num small" : "num small"}>${date(item.due_on)}</span>
      <a href="#m=${item.nis_code}&${place}">${item.label ?? t("person.due_loose")}</a>
      <span class="small muted">${labelOf({ ...item }, "name")}</span>
    </li>`;
  }

  protected override render() {
    const { value } = this.#due;
    if (!value?.items.length) return nothing;
    const { items, today } = value;
    const more = items.length - SHOWN;
    return html`<section class="due" aria-labelledby="inform">
      <h2 id="inform">${t("person.due", { n: items.length })}</h2>
      <ul>${items.slice(0, SHOWN).map((item) => this.#row(item, today))}</ul>
      ${more > 0 ? html`<p class="small muted">${t("case.due_more", { n: more })}</p>` : nothing}
    </section>`;
  }
}
