import { css, html, nothing, type PropertyValues } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import { ApiError } from "../api/client.ts";
import { profilesApi } from "../api/profiles.ts";
import type { ProfileContent, ProfileIn, ProfileRanking, ScoreProfile, ShareLevel } from "../api/types.ts";
import { number, shortDate } from "../text/format.ts";
import { labelOf, t } from "../text/index.ts";
import { Asked, Done } from "../ui/asked.ts";
import { controls } from "../ui/controls.ts";
import { KkElement } from "../ui/element.ts";
import { icon } from "../ui/icons.ts";
import { type Loadable, ready } from "../ui/loadable.ts";
import { faultOf, GENERAL, withWeights } from "./profile.ts";
import { wishText } from "./profile-edit.ts";
import type { Weights } from "./ranking.ts";

const SHARES: readonly ShareLevel[] = ["own", "partners", "public"];
const BY = "kernkaart.profile.by";

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
      form {
        display: grid;
        gap: 8px;
        padding: 12px;
        border: 1px solid var(--line);
        border-radius: var(--radius);
        background: var(--ground);
      }
      form label {
        display: grid;
        gap: 2px;
        font-size: 13px;
        color: var(--ink-2);
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
          : profilesApi.removeProfile(this.municipality, made.key, version!),
      () => t("profile.undone"),
      false,
    );
  }

  async #save(event: SubmitEvent, current: ScoreProfile): Promise<void> {
    event.preventDefault();
    const data = new FormData(event.target as HTMLFormElement);
    const text = (name: string) => String(data.get(name) ?? "").trim();
    const by = text("by");
    localStorage.setItem(BY, by);
    const body: ProfileIn = {
      municipality: this.municipality,
      name: text("name"),
      based_on: this.form === "new" ? current.key : current.based_on,
      content: this.#content(current),
      share_level: text("share") as ShareLevel,
      made_by: by || null,
    };
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

  async #showVersions(current: ScoreProfile): Promise<void> {
    await this.#done.run(async () => {
      ({ items: this.versions } = await profilesApi.profileVersions(this.municipality, current.key));
    });
  }

  #form(current: ScoreProfile) {
    const isNew = this.form === "new";
    const name = isNew ? t("profile.name_start", { name: labelOf(current) }) : current.name;
    return html`<form @submit=${(event: SubmitEvent) => void this.#save(event, current)}>
      <label>${t("profile.name")} <input id="name" class="field" name="name" required maxlength="80" pattern=".*\\S.*" .value=${name} /></label>
      <label
        >${t("profile.share")}
        <select class="field" name="share">
          ${SHARES.map(
            (share) =>
              html`<option value=${share} ?selected=${share === (isNew ? "own" : current.share_level)}>${t(`profile.share_${share}`)}</option>`,
          )}
        </select></label
      >
      <label>${t("profile.by")} <input class="field" name="by" maxlength="80" .value=${localStorage.getItem(BY) ?? ""} /></label>
      <div class="actions">
        <button class="button primary" ?disabled=${this.#done.isBusy || faultOf(this.#content(current)) !== null}>
          ${t("profile.keep")}
        </button>
        <button
          class="button"
          type="button"
          @click=${() => {
            this.form = null;
          }}
        >
          ${t("profile.cancel")}
        </button>
      </div>
    </form>`;
  }

  #versionList(current: ScoreProfile, versions: readonly ScoreProfile[]) {
    return html`<ul class="versions small" aria-label=${t("profile.versions")}>
      ${versions.map(
        (each) => html`<li>
          <span
            >${t("profile.version", { version: number(each.version ?? 1) })} ·
            ${[each.made_at ? shortDate(each.made_at) : null, each.made_by].filter(Boolean).join(", ")}${
              each.is_removed ? html` · ${t("profile.was_removed")}` : nothing
            }</span
          >
          ${
            each.version === current.version || each.is_removed
              ? nothing
              : html`<button
                class="quiet"
                @click=${() =>
                  void this.#write(
                    () => profilesApi.changeProfile(current.key, current.version!, bodyOf(each)),
                    (made) => t("profile.kept", { name: made.name, version: number(made.version ?? 1) }),
                    true,
                  )}
              >
                ${t("profile.version_back")}
              </button>`
          }
        </li>`,
      )}
    </ul>`;
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
          ? html`<button class="button primary" @click=${() => void this.#open("version")}>${t("profile.keep_version")}</button>`
          : nothing
      }
      ${
        isChanged || !isMine
          ? html`<button class="button" @click=${() => void this.#open("new")}>${t("profile.keep_new")}</button>`
          : nothing
      }
      ${
        isMine && !this.draft
          ? html`<button class="quiet" @click=${() => void this.#showVersions(current)}>${t("profile.versions")}</button>
            <button
              class="quiet"
              @click=${() =>
                void this.#write(
                  () => profilesApi.removeProfile(this.municipality, current.key, current.version!),
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

  async #open(form: "new" | "version"): Promise<void> {
    this.form = form;
    this.#done.forget();
    await this.updateComplete;
    this.renderRoot.querySelector<HTMLElement>("#name")?.focus();
  }

  /** How many fall out, and whether the second method agrees. */
  #outcome(ranked: ProfileRanking) {
    const out = ranked.candidates - ranked.ranked;
    const agreement = ranked.topsis_agreement;
    return html`<p class="small">
      ${t("profile.outcome", { ranked: number(ranked.ranked), of: number(ranked.candidates) })}
      ${out > 0 ? t("profile.outcome_out", { out: number(out) }) : nothing}
      ${
        agreement === null
          ? nothing
          : t(
              agreement >= 0.8
                ? "profile.agrees"
                : agreement >= 0.5
                  ? "profile.agrees_mostly"
                  : "profile.disagrees",
            )
      }
    </p>`;
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
      ${ranked ? this.#outcome(ranked) : nothing}
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
      ${current && this.versions ? this.#versionList(current, this.versions) : nothing}
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

function bodyOf(profile: ScoreProfile): ProfileIn {
  return {
    municipality: profile.nis_code!,
    name: profile.name,
    based_on: profile.based_on,
    content: profile.content,
    share_level: profile.share_level,
    made_by: profile.made_by,
  };
}
