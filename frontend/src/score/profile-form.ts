import { css, html } from "lit";
import { customElement, property } from "lit/decorators.js";
import type { ProfileContent, ProfileIn, ScoreProfile, ShareLevel } from "../api/types.ts";
import { labelOf, t } from "../text/index.ts";
import { controls } from "../ui/controls.ts";
import { KkElement } from "../ui/element.ts";
import { faultOf, keepOwnName, ownName } from "./profile.ts";

const SHARES: readonly ShareLevel[] = ["own", "partners", "public"];

/** Under which name a profile is kept, who may use it, and who keeps it. */
@customElement("kk-profile-form")
export class KkProfileForm extends KkElement {
  @property({ attribute: false }) current!: ScoreProfile;
  @property({ attribute: false }) content!: ProfileContent;
  @property() municipality = "";
  /** Whether a new profile is made, and not the next version of this one. */
  @property({ type: Boolean, attribute: "new" }) isNew = false;
  @property({ type: Boolean, attribute: "busy" }) isBusy = false;

  static override styles = [
    controls,
    css`
      form {
        display: grid;
        gap: 8px;
        padding: 12px;
        border: 1px solid var(--line);
        border-radius: var(--radius);
        background: var(--ground);
      }
      label {
        display: grid;
        gap: 2px;
        font-size: 13px;
        color: var(--ink-2);
      }
      .actions {
        display: flex;
        flex-wrap: wrap;
        gap: 6px;
      }
    `,
  ];

  protected override firstUpdated(): void {
    this.renderRoot.querySelector<HTMLElement>("#name")?.focus();
  }

  #keep(event: SubmitEvent): void {
    event.preventDefault();
    const data = new FormData(event.target as HTMLFormElement);
    const text = (name: string) => String(data.get(name) ?? "").trim();
    const by = text("by");
    keepOwnName(by);
    const body: ProfileIn = {
      municipality: this.municipality,
      name: text("name"),
      based_on: this.isNew ? this.current.key : this.current.based_on,
      content: this.content,
      share_level: text("share") as ShareLevel,
      made_by: by || null,
    };
    this.emit("profile-keep", body);
  }

  protected override render() {
    const { current, isNew } = this;
    const name = isNew ? t("profile.name_start", { name: labelOf(current) }) : current.name;
    return html`<form @submit=${this.#keep}>
      <label
        >${t("profile.name")} <input id="name" class="field" name="name" required maxlength="80" pattern=".*\\S.*" .value=${name}
      /></label>
      <label
        >${t("profile.share")}
        <select class="field" name="share">
          ${SHARES.map(
            (share) =>
              html`<option value=${share} ?selected=${share === (isNew ? "own" : current.share_level)}>${t(`profile.share_${share}`)}</option>`,
          )}
        </select></label
      >
      <label
        >${t("profile.by")} <input class="field" name="by" maxlength="80" .value=${ownName()}
      /></label>
      <div class="actions">
        <button class="button primary" ?disabled=${this.isBusy || faultOf(this.content) !== null}>${t("profile.keep")}</button>
        <button class="button" type="button" @click=${() => this.emit("profile-cancel")}>${t("profile.cancel")}</button>
      </div>
    </form>`;
  }
}
