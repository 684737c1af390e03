import { html, nothing, type PropertyValues } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import { casesApi, officer, setOfficer } from "../api/cases.ts";
import { ApiError } from "../api/client.ts";
import { matchApi, type Requirement, type RequirementIn, type WishKind } from "../api/match.ts";
import { number, shortDate } from "../text/format.ts";
import { t, tCode } from "../text/index.ts";
import { Asked, Done } from "../ui/asked.ts";
import { controls } from "../ui/controls.ts";
import { KkElement } from "../ui/element.ts";
import { icon } from "../ui/icons.ts";
import { matchStyle } from "./match.css.ts";
import { bodyOf } from "./words.ts";
import "./seek-form.ts";
import "./seek-result.ts";

interface Told {
  text: string;
  undo: (() => Promise<unknown>) | null;
  case: number | null;
}

/** What organisations and formulas look for, and which units would do: the list, one of them, and its matches. */
@customElement("kk-seek")
export class KkSeek extends KkElement {
  @property() municipality = "";
  @property() chosen: string | null = null;
  @property({ attribute: false }) without: readonly string[] = [];
  @state() private form: "new" | "change" | null = null;
  @state() private versions: Requirement[] | null = null;
  @state() private told: Told | null = null;
  readonly #list = new Asked(this, (signal) =>
    this.municipality ? matchApi.list(this.municipality, signal) : null,
  );
  readonly #done = new Done(this);

  static override styles = [controls, matchStyle];

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has("municipality")) {
      this.told = this.versions = this.form = null;
      void this.#list.anew();
    }
    if (changed.has("chosen") && changed.get("chosen") !== undefined) this.versions = this.form = null;
  }

  /** Do something, read the list again, and say what was done with the way back. */
  async #act(work: () => Promise<Told>): Promise<boolean> {
    let told: Told | null = null;
    const isDone = await this.#done.run(async () => {
      told = await work();
      await this.#list.again();
    });
    if (isDone) {
      this.told = told;
      this.form = this.versions = null;
    }
    return isDone;
  }

  async #keep(body: RequirementIn, before: Requirement | null): Promise<void> {
    let key = "";
    const isDone = await this.#act(async () => {
      const made = before
        ? await matchApi.change(before.key, before.version, body)
        : await matchApi.add(body);
      key = made.key;
      const undo = before
        ? () => matchApi.change(made.key, made.version, bodyOf(before))
        : () => matchApi.remove(this.municipality, made.key, made.version);
      return { text: t("match.kept", { name: made.name, version: number(made.version) }), undo, case: null };
    });
    if (isDone) this.emit("view-change", { seek: key });
  }

  async #remove(profile: Requirement): Promise<void> {
    const isDone = await this.#act(async () => {
      const gone = await matchApi.remove(this.municipality, profile.key, profile.version);
      const undo = () => matchApi.change(gone.key, gone.version, bodyOf(profile));
      return { text: t("match.removed", { name: profile.name }), undo, case: null };
    });
    if (isDone) this.emit("view-change", { seek: null });
  }

  async #begin(profile: Requirement, units: number[]): Promise<void> {
    await this.#act(async () => {
      const { case: made, is_new } = await matchApi.begin(this.municipality, profile.key, units);
      const text = t(is_new ? "match.case_made" : "match.case_joined", { title: made.title });
      return { text, undo: is_new ? () => casesApi.remove(made.id) : null, case: made.id };
    });
  }

  async #takeBack(): Promise<void> {
    const { chosen } = this;
    const undo = this.told?.undo;
    if (!undo) return;
    await this.#act(async () => {
      await undo();
      return { text: t("match.undone"), undo: null, case: null };
    });
    const items = this.#list.value?.items ?? [];
    if (chosen && !items.some(({ key }) => key === chosen)) this.emit("view-change", { seek: null });
  }

  #who() {
    return html`<label class="small">${t("case.your_name")}
      <input class="field" maxlength="40" autocomplete="name" .value=${officer()}
        @change=${(event: Event) => {
          setOfficer((event.target as HTMLInputElement).value.trim());
          this.#done.forget();
        }} /></label>`;
  }

  #outcome() {
    const told = this.told;
    const { error } = this.#done;
    const isOld = error instanceof ApiError && error.status === 412;
    return html`${
      told
        ? html`<p class="told" role="status">${told.text}
          <span class="bar">${
            told.case === null
              ? nothing
              : html`<button class="button" @click=${() => this.emit("view-change", { section: "board", case: told.case, seek: null })}>${t("match.open_case")}</button>`
          }
          ${told.undo ? html`<button class="button" @click=${() => void this.#takeBack()}>${t("undo")}</button>` : nothing}</span></p>`
        : nothing
    }
    ${this.#done.draw()}
    ${
      isOld
        ? html`<button class="button" @click=${() => {
            this.form = null;
            this.#done.forget();
            void this.#list.again();
          }}>${t("case.read_again")}</button>`
        : nothing
    }`;
  }

  #form(kinds: readonly WishKind[], profile: Requirement | null) {
    return html`<h2>${profile ? profile.name : t("match.new")}</h2>
      <kk-seek-form .municipality=${this.municipality} .profile=${profile} .kinds=${kinds} .isBusy=${this.#done.isBusy}
        @match-keep=${(event: CustomEvent<RequirementIn>) => void this.#keep(event.detail, profile)}
        @match-cancel=${() => {
          this.form = null;
        }}></kk-seek-form>`;
  }

  #versions(profile: Requirement) {
    return html`<ul class="items">
      ${this.versions!.map(
        (each) => html`<li class="bar">
          <span>${t("match.version", { version: number(each.version) })} <span class="small muted">${shortDate(each.made_at.slice(0, 10))} · ${each.made_by}</span></span>
          ${each.version === profile.version || each.is_removed ? nothing : html`<button class="button" @click=${() => void this.#keep(bodyOf(each), profile)}>${t("match.put_back")}</button>`}
        </li>`,
      )}
    </ul>`;
  }

  #profile(profile: Requirement) {
    const facts = [
      profile.prospect_name,
      profile.branch_code && tCode("branch", profile.branch_code),
      profile.case_title && t("match.in_case", { title: profile.case_title }),
    ];
    return html`<button class="quiet" @click=${() => this.emit("view-change", { seek: null })}>${icon("back", 16)} ${t("match.all")}</button>
      <div><h2>${profile.name}</h2><p class="small muted">${facts.filter(Boolean).join(" · ")}</p></div>
      <div class="bar">
        <button class="button" @click=${() => {
          this.form = "change";
        }}>${icon("pen", 16)} ${t("match.change")}</button>
        <button class="quiet" @click=${() =>
          void this.#done.run(async () => {
            ({ items: this.versions } = await matchApi.versions(this.municipality, profile.key));
          })}>${t("match.versions")}</button>
        <button class="quiet" @click=${() => void this.#remove(profile)}>${icon("trash", 16)} ${t("match.remove")}</button>
      </div>
      ${this.versions ? this.#versions(profile) : nothing}
      <kk-seek-result .municipality=${this.municipality} .profile=${profile.key} .version=${profile.version} .without=${this.without} .isBusy=${this.#done.isBusy}
        @match-begin=${(event: CustomEvent<{ units: number[] }>) => void this.#begin(profile, event.detail.units)}></kk-seek-result>`;
  }

  #all(items: readonly Requirement[]) {
    return html`<div class="bar"><button class="button primary" @click=${() => {
      this.form = "new";
    }}>${icon("plus", 16)} ${t("match.new")}</button></div>
      ${this.chosen ? html`<p class="small" role="status">${t("problem.requirement_gone")}</p>` : nothing}
      ${
        items.length
          ? html`<ul class="items">${items.map(
              (each) => html`<li>
                <button class="open" @click=${() => this.emit("view-change", { seek: each.key })}>${each.name}</button>
                <div class="small muted">${[each.prospect_name, each.branch_code && tCode("branch", each.branch_code), t("match.n_wishes", { n: number(each.content.wishes.length) })].filter(Boolean).join(" · ")}</div>
              </li>`,
            )}</ul>`
          : html`<kk-empty .heading=${t("match.empty")} .text=${t("match.empty_hint")}></kk-empty>`
      }`;
  }

  protected override render() {
    return html`<div class="pad">${this.#who()} ${this.#outcome()}
      ${this.#list.draw(({ items, wishes }) => {
        const profile = items.find(({ key }) => key === this.chosen) ?? null;
        if (this.form) return this.#form(wishes, this.form === "change" ? profile : null);
        return profile ? this.#profile(profile) : this.#all(items);
      })}</div>`;
  }
}
