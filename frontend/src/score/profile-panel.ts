import { css, html, nothing, type PropertyValues } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import { ApiError } from "../api/client.ts";
import { profilesApi } from "../api/profiles.ts";
import type { ProfileContent, ProfileIn, ProfileRanking, ScoreProfile } from "../api/types.ts";
import { number } from "../text/format.ts";
import { labelOf, t } from "../text/index.ts";
import { Asked, Done } from "../ui/asked.ts";
import { controls } from "../ui/controls.ts";
import { KkElement } from "../ui/element.ts";
import { icon } from "../ui/icons.ts";
import { type Loadable, ready } from "../ui/loadable.ts";
import { bodyOf, GENERAL, ownName, withWeights } from "./profile.ts";
import { outcome, versionList } from "./profile-told.ts";
import { wishText } from "./profile-wishes.ts";
import type { Weights } from "./ranking.ts";

/** Which profile ranks the units, what it asks, and how one's own is made, kept, taken back and taken away. */
@customElement("kk-profile-panel")
export class KkProfilePanel extends KkElement {
  @property() municipality = "";
  @property() profile = GENERAL;
  @property({ attribute: false }) weights: Weights | null = null;
  /** A profile that is being changed. */
  @property({ attribute: false }) draft: ProfileContent | null = null;
  @property({ attribute: false }) ranked!: Loadable<ProfileRanking>;
  @state() private form: "new" | "version" | null = null;
  @state() private versions: ScoreProfile[] | null = null;
  @state() private told: { text: string; undo: (() => Promise<unknown>) | null } | null = null;
  readonly #list = new Asked(this, (signal) =>
    this.municipality ? profilesApi.scoreProfiles(this.municipality, signal) : null,
  );
  readonly #done = new Done(this);

  static override styles = [
    controls,
    css`
      :host {
        display: grid;
        gap: 10px;
        padding: 14px 16px 4px;
      }
      .choose {
        display: grid;
        gap: 4px;
        font-weight: 600;
      }
      .actions {
        display: flex;
        flex-wrap: wrap;
        gap: 6px;
      }
      .wishes {
        display: grid;
        gap: 2px;
        padding-left: 18px;
        list-style: disc;
      }
      .told {
        display: flex;
        align-items: center;
        justify-content: space-between;
        gap: 8px;
        padding: 6px 10px;
        border-radius: var(--radius);
        background: var(--accent-weak);
        color: var(--accent-strong);
      }
      .versions li {
        display: flex;
        align-items: center;
        justify-content: space-between;
        gap: 8px;
        padding: 4px 0;
        border-bottom: 1px solid var(--line);
      }
    `,
  ];

  protected override willUpdate(changed: PropertyValues): void {
    if (changed.has("municipality")) {
      this.told = this.versions = this.form = null;
      void this.#list.anew();
    } else if (changed.has("profile") && changed.get("profile") !== undefined) {
      this.versions = this.form = null;
    }
  }

  #current(items: readonly ScoreProfile[]): ScoreProfile | null {
    return items.find(({ key }) => key === this.profile) ?? null;
  }

  /** What would be kept: the draft, or the profile with the weights that were moved. */
  #content(current: ScoreProfile): ProfileContent {
    return withWeights(this.draft ?? current.content, this.weights);
  }

  async #write(act: () => Promise<ScoreProfile>, text: (made: ScoreProfile) => string, undo: boolean) {
    const before = this.#list.value && this.#current(this.#list.value.items);
    let made: ScoreProfile | null = null;
    const isDone = await this.#done.run(async () => {
      made = await act();
      await this.#list.again();
    });
    if (!isDone || !made) return;
    const kept: ScoreProfile = made;
    this.form = this.versions = null;
    const back = before?.is_own && before.key === kept.key ? before : null;
    this.told = {
      text: text(kept),
      undo: undo ? () => this.#back(kept, back) : null,
    };
    this.emit("profile-select", { key: kept.is_removed ? GENERAL : kept.key });
    await this.updateComplete;
    this.renderRoot.querySelector<HTMLElement>(".told button, #choose")?.focus();
  }

  /** To what stood there before: the earlier content as a new version, or away where there was none. */
  async #back(made: ScoreProfile, before: ScoreProfile | null): Promise<void> {
    const { version } = made;
    await this.#write(
      () =>
        before
          ? profilesApi.changeProfile(made.key, version!, bodyOf(before))
          : profilesApi.removeProfile(this.municipality, made.key, version!, ownName()),
      () => t("profile.undone"),
      false,
    );
  }

  async #keep(body: ProfileIn, current: ScoreProfile): Promise<void> {
    const { form } = this;
    await this.#write(
      () =>
        form === "new"
          ? profilesApi.addProfile(body)
          : profilesApi.changeProfile(current.key, current.version!, body),
      (made) => t("profile.kept", { name: made.name, version: number(made.version ?? 1) }),
      true,
    );
  }

  async #putBack(each: ScoreProfile, current: ScoreProfile): Promise<void> {
    await this.#write(
      () => profilesApi.changeProfile(current.key, current.version!, bodyOf(each)),
      (made) => t("profile.kept", { name: made.name, version: number(made.version ?? 1) }),
      true,
    );
  }

  async #showVersions(current: ScoreProfile): Promise<void> {
    await this.#done.run(async () => {
      ({ items: this.versions } = await profilesApi.profileVersions(this.municipality, current.key));
    });
  }

  #form(current: ScoreProfile) {
    return html`<kk-profile-form
      .current=${current}
      .content=${this.#content(current)}
      .municipality=${this.municipality}
      ?new=${this.form === "new"}
      ?busy=${this.#done.isBusy}
      @profile-keep=${(event: CustomEvent<ProfileIn>) => void this.#keep(event.detail, current)}
      @profile-cancel=${() => {
        this.form = null;
      }}
    ></kk-profile-form>`;
  }

  #actions(current: ScoreProfile) {
    const isMine = current.is_own && current.nis_code === this.municipality;
    const isChanged = this.draft !== null || this.weights !== null;
    return html`<div class="actions">
      ${
        this.draft
          ? html`<button class="button" @click=${() => this.emit("profile-draft", { content: null })}>${t("profile.stop")}</button>`
          : html`<button class="button" @click=${() => this.emit("profile-draft", { content: this.#content(current) })}>
            ${t("profile.change")}
          </button>`
      }
      ${
        isMine && isChanged
          ? html`<button class="button primary" @click=${() => this.#open("version")}>${t("profile.keep_version")}</button>`
          : nothing
      }
      ${
        isChanged || !isMine
          ? html`<button class="button" @click=${() => this.#open("new")}>${t("profile.keep_new")}</button>`
          : nothing
      }
      ${
        isMine && !this.draft
          ? html`<button class="quiet" @click=${() => void this.#showVersions(current)}>${t("profile.versions")}</button>
            <button
              class="quiet"
              @click=${() =>
                void this.#write(
                  () =>
                    profilesApi.removeProfile(this.municipality, current.key, current.version!, ownName()),
                  (made) => t("profile.removed", { name: made.name }),
                  true,
                )}
            >
              ${icon("trash", 16)} ${t("profile.remove")}
            </button>`
          : nothing
      }
    </div>`;
  }

  #open(form: "new" | "version"): void {
    this.form = form;
    this.#done.forget();
  }

  #conflict() {
    const { error } = this.#done;
    const isConflict = error instanceof ApiError && error.code === "profile_changed";
    return html`${this.#done.draw()}
    ${
      isConflict
        ? html`<button
          class="button"
          @click=${() => {
            this.#done.forget();
            void this.#list.again();
          }}
        >
          ${t("profile.reload")}
        </button>`
        : nothing
    }`;
  }

  #drawn({ items, indicators }: { items: ScoreProfile[]; indicators: unknown[] }) {
    const current = this.#current(items);
    const groups = [
      { label: t("profile.shipped"), of: items.filter(({ is_own }) => !is_own) },
      {
        label: t("profile.mine"),
        of: items.filter((each) => each.is_own && each.nis_code === this.municipality),
      },
      {
        label: t("profile.shared"),
        of: items.filter((each) => each.is_own && each.nis_code !== this.municipality),
      },
    ].filter(({ of }) => of.length > 0);
    const ranked = ready(this.ranked);
    return html`<label class="choose"
        >${t("profile.title")}
        <select
          id="choose"
          class="field"
          @change=${(event: Event) => this.emit("profile-select", { key: (event.target as HTMLSelectElement).value })}
        >
          ${groups.map(
            ({ label, of }) =>
              html`<optgroup label=${label}>
                ${of.map((each) => html`<option value=${each.key} ?selected=${each.key === this.profile}>${labelOf(each)}</option>`)}
              </optgroup>`,
          )}
          ${current ? nothing : html`<option selected value=${this.profile}>${t("profile.gone")}</option>`}
        </select>
      </label>
      ${
        this.told
          ? html`<p class="told small" role="status">
            ${this.told.text}
            ${
              this.told.undo
                ? html`<button class="button" @click=${() => void this.told?.undo?.()}>${t("profile.undo")}</button>`
                : nothing
            }
          </p>`
          : nothing
      }
      ${this.ranked.status === "error" ? html`<kk-error .error=${this.ranked.error}></kk-error>` : nothing}
      ${this.ranked.status === "loading" ? html`<p class="small muted" role="status">${t("loading")}</p>` : nothing}
      ${ranked ? outcome(ranked) : nothing}
      ${
        ranked && ranked.wishes.length > 0 && !this.draft
          ? html`<div class="small">
            <strong>${t("profile.wishes")}</strong>
            <ul class="wishes">
              ${ranked.wishes.map((wish) => html`<li>${wishText(wish, labelOf(wish))}</li>`)}
            </ul>
          </div>`
          : nothing
      }
      ${current && !this.form ? this.#actions(current) : nothing} ${this.#conflict()}
      ${current && this.form ? this.#form(current) : nothing}
      ${current && this.versions ? versionList(current, this.versions, (each) => void this.#putBack(each, current)) : nothing}
      ${
        this.draft
          ? html`<kk-profile-edit .content=${this.draft} .indicators=${indicators} .computed=${ranked?.criteria ?? []}></kk-profile-edit>`
          : nothing
      }`;
  }

  protected override render() {
    return this.#list.draw((value) => this.#drawn(value));
  }
}
