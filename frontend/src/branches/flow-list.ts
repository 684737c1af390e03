import { html, nothing, type PropertyValues } from "lit";
import { customElement, property } from "lit/decorators.js";
import { branchesApi, type Flows } from "../api/branches.ts";
import { officer, setOfficer } from "../api/cases.ts";
import { percent } from "../text/format.ts";
import { labelOf, t, tCode } from "../text/index.ts";
import { Asked, Done } from "../ui/asked.ts";
import { controls } from "../ui/controls.ts";
import { KkElement } from "../ui/element.ts";
import { branchStyle } from "./branches.css.ts";

/** What flows away and online per branch group, entered with its source; nothing is filled in beforehand. */
@customElement("kk-branch-flows")
export class KkBranchFlows extends KkElement {
  @property() municipality = "";
  readonly #flows = new Asked(this, (signal) =>
    this.municipality ? branchesApi.flows(this.municipality, signal) : null,
  );
  readonly #act = new Done(this);

  static override styles = [controls, branchStyle];

  protected override willUpdate(changed: PropertyValues): void {
    if (changed.has("municipality")) void this.#flows.anew();
  }

  async #send(work: () => Promise<Flows>): Promise<boolean> {
    const isDone = await this.#act.run(async () => this.#flows.put(await work()));
    if (isDone) this.emit("flows-changed");
    return isDone;
  }

  async #add(event: SubmitEvent): Promise<void> {
    event.preventDefault();
    const form = event.target as HTMLFormElement;
    const given = new FormData(form);
    const text = (name: string) => String(given.get(name) ?? "").trim();
    setOfficer(text("name"));
    const body = {
      branch_group: text("group"),
      kind: text("kind"),
      share: Number(text("share")) / 100,
      source: text("source"),
      year: Number(text("year")),
      reason: text("source"),
    };
    if (await this.#send(() => branchesApi.addFlow(this.municipality, body))) form.reset();
  }

  #form({ groups }: Flows) {
    return html`<form class="box" @submit=${this.#add} @keydown=${(event: KeyboardEvent) => event.stopPropagation()}>
      <label>${t("branches.flow_group")}<select class="field" name="group">${groups.map((group) => html`<option value=${group.code}>${labelOf(group)}</option>`)}</select></label>
      <label>${t("branches.flow_kind")}<select class="field" name="kind">
        <option value="leakage">${t("branches.flow_leakage")}</option><option value="online">${t("branches.flow_online")}</option></select></label>
      <label>${t("branches.flow_share")}<input class="field" name="share" type="number" min="0" max="100" step="any" required /></label>
      <label>${t("branches.flow_source")}<input class="field" name="source" required pattern=".*\\S.*" maxlength="200" autocomplete="off" /></label>
      <label>${t("branches.flow_year")}<input class="field" name="year" type="number" min="1990" max="2100" required /></label>
      <label>${t("case.your_name")}<input class="field" name="name" required pattern=".*\\S.*" maxlength="40" autocomplete="name" .value=${officer()} /></label>
      <div class="bar"><button class="button primary" ?disabled=${this.#act.isBusy}>${t("branches.flow_keep")}</button></div>
    </form>`;
  }

  #told(told: Flows) {
    return html`<details>
      <summary class="small">${t("branches.flows", { n: told.items.length })}</summary>
      <p class="small muted">${t("branches.flows_hint")}</p>
      <ul class="rows">${told.items.map(
        (
          flow,
        ) => html`<li><span class="line"><span>${tCode("branch_group", flow.branch_group)}: ${tCode("branch_flow_kind", flow.kind)} ${flow.share === null ? "" : percent(flow.share, 0)}</span>
          <button class="quiet" ?disabled=${this.#act.isBusy} aria-label="${t("branches.undo")}: ${tCode("branch_group", flow.branch_group)}, ${tCode("branch_flow_kind", flow.kind)}"
            @click=${() => this.#send(() => branchesApi.undoFlow(this.municipality, flow.id))}>${t("branches.undo")}</button></span>
          <span class="small muted">${t("branches.flow_by", { source: flow.source ?? "", year: flow.year ?? "", by: flow.made_by })}</span></li>`,
      )}</ul>
      ${this.#form(told)}
    </details>`;
  }

  protected override render() {
    return html`<section aria-label=${t("branches.flow_section")}>
      ${this.#act.draw()} ${this.#flows.draw((told) => this.#told(told), nothing)}
    </section>`;
  }
}
