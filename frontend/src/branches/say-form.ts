import { html } from "lit";
import { customElement, property } from "lit/decorators.js";
import { officer, setOfficer } from "../api/cases.ts";
import { t } from "../text/index.ts";
import { controls } from "../ui/controls.ts";
import { KkElement } from "../ui/element.ts";
import { branchStyle } from "./branches.css.ts";

/** Asks who says something and why, before it is said. */
@customElement("kk-say-form")
export class KkSayForm extends KkElement {
  @property() label = "";
  @property({ type: Boolean }) busy = false;

  static override styles = [controls, branchStyle];

  override focus(): void {
    this.renderRoot.querySelector<HTMLInputElement>("[name=reason]")?.focus();
  }

  #say(event: SubmitEvent): void {
    event.preventDefault();
    const given = new FormData(event.target as HTMLFormElement);
    setOfficer(String(given.get("name")).trim());
    this.emit("say", { reason: String(given.get("reason")).trim() });
  }

  protected override render() {
    return html`<form class="box" @submit=${this.#say} @keydown=${(event: KeyboardEvent) => event.stopPropagation()}>
      <label>${t("branches.reason")}<input class="field" name="reason" required pattern=".*\\S.*" maxlength="500" autocomplete="off" /></label>
      <label>${t("case.your_name")}<input class="field" name="name" required pattern=".*\\S.*" maxlength="40" autocomplete="name" .value=${officer()} /></label>
      <div class="bar">
        <button class="button primary" ?disabled=${this.busy}>${this.label}</button>
        <button type="button" class="quiet" @click=${() => this.emit("say-cancel")}>${t("branches.cancel")}</button>
      </div>
    </form>`;
  }
}
