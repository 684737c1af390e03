import { html, nothing, type PropertyValues } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import { caseListsApi, type RemovedCase } from "../api/case-lists.ts";
import { casesApi } from "../api/cases.ts";
import { shortDate } from "../text/format.ts";
import { t, tCode } from "../text/index.ts";
import { Asked } from "../ui/asked.ts";
import { controls } from "../ui/controls.ts";
import { KkElement } from "../ui/element.ts";
import { icon } from "../ui/icons.ts";
import { caseStyle } from "./cases.css.ts";
import { caseStore } from "./store.ts";

/** Cases that were taken off the board, each with a way back; nothing where there are none. */
@customElement("kk-removed-cases")
export class KkRemovedCases extends KkElement {
  @property() municipality = "";
  @state() private isOpen = false;
  readonly #list = new Asked(this, (signal) =>
    this.municipality ? caseListsApi.removed(this.municipality, signal) : null,
  );
  readonly #wrote = () => void this.#list.again();

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
    if (changed.has("municipality")) void this.#list.anew();
  }

  #putBack({ id, title }: RemovedCase): void {
    void caseStore
      .act(
        () => casesApi.restore(id),
        () => ({ text: t("removed.put_back", { title }), undo: () => casesApi.remove(id) }),
      )
      .then((done) => {
        if (done) this.emit("view-change", { case: id });
      });
  }

  #row(item: RemovedCase) {
    const { title, prospect_name: prospect, state: was, removed_at: at, removed_by: by } = item;
    return html`<li>
      <span style="flex: 1 1 180px"><strong>${title}</strong>${prospect ? html`, ${prospect}` : nothing}
        <br /><span class="small muted num">${t("removed.when", { state: tCode("case_state", was), on: shortDate(at), by: by ?? "?" })}</span></span>
      <button class="button" aria-label=${t("removed.put_this_back", { title })} @click=${() => this.#putBack(item)}>${icon("back", 16)} ${t("removed.do")}</button>
    </li>`;
  }

  protected override render() {
    const { answer } = this.#list;
    if (answer.status === "error") return this.#list.draw(() => nothing);
    const items = this.#list.value?.items ?? [];
    if (!items.length) return nothing;
    return html`<details ?open=${this.isOpen} @toggle=${(event: Event) => {
      this.isOpen = (event.target as HTMLDetailsElement).open;
    }}>
      <summary>${t("removed.title", { n: items.length })}</summary>
      <ul class="rows">${items.map((item) => this.#row(item))}</ul>
    </details>`;
  }
}
