import { html, nothing, type PropertyValues } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import { accountApi, LEVELS, type Share, type ShareLevel } from "../api/account.ts";
import { t, tCode } from "../text/index.ts";
import { Asked, Done } from "../ui/asked.ts";
import { controls } from "../ui/controls.ts";
import { KkElement } from "../ui/element.ts";
import { accountStyle } from "./account.css.ts";

/** How far a municipality shares each subject, and what that means. */
@customElement("kk-share-levels")
export class KkShareLevels extends KkElement {
  @property() municipality = "";
  @property({ type: Boolean }) mayChange = false;
  @state() private last: Share | null = null;
  readonly #list = new Asked(this, (signal) =>
    this.municipality ? accountApi.sharing(this.municipality, signal) : null,
  );
  readonly #doing = new Done(this);

  static override styles = [controls, accountStyle];

  protected override willUpdate(changed: PropertyValues): void {
    if (!changed.has("municipality")) return;
    this.last = null;
    void this.#list.anew();
  }

  async #share(one: Share, level: ShareLevel, isUndo = false): Promise<void> {
    const isWell = await this.#doing.run(async () => {
      this.#list.put(await accountApi.share(this.municipality, one.subject, level));
    });
    if (isWell) this.last = isUndo ? null : one;
    else void this.#list.again();
  }

  protected override render() {
    if (!this.municipality) return html`<p>${t("share.choose_town")}</p>`;
    const before = this.last;
    return html`<p class="small">${t("share.explain")}</p>
      <div role="status">${
        before
          ? html`<p class="bar">${t("share.changed", { subject: tCode("share_subject", before.subject) })}
          <button class="button" @click=${() => void this.#share(before, before.level, true)}>${t("undo")}</button></p>`
          : nothing
      }</div>
      ${this.#doing.draw()}
      ${this.#list.draw(
        (items) =>
          html`<ul class="rows">${items.map((one) => {
            const widest = LEVELS.indexOf(one.widest);
            return html`<li><div><b>${tCode("share_subject", one.subject)}</b>
              <div class="small muted">${tCode("share_level_means", one.level)}</div></div>
            <select class="field" aria-label=${tCode("share_subject", one.subject)} ?disabled=${!this.mayChange || this.#doing.isBusy}
              @change=${(event: Event) => void this.#share(one, (event.target as HTMLSelectElement).value as ShareLevel)}>
              ${LEVELS.filter((_, index) => index <= widest).map((level) => html`<option value=${level} .selected=${level === one.level}>${tCode("share_level", level)}</option>`)}
            </select></li>`;
          })}</ul>`,
      )}`;
  }
}
