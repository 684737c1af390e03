import { css, html, nothing } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import { casesApi } from "../api/cases.ts";
import { api } from "../api/client.ts";
import type { Requirement, RequirementIn, Wish, WishKind } from "../api/match.ts";
import { profilesApi } from "../api/profiles.ts";
import type { CodeItem } from "../api/types.ts";
import { labelOf, t, tCode } from "../text/index.ts";
import { type Choice, keeping } from "../ui/choices.ts";
import { controls } from "../ui/controls.ts";
import { KkElement } from "../ui/element.ts";
import { icon } from "../ui/icons.ts";
import { matchStyle } from "./match.css.ts";
import { freshWish } from "./words.ts";

const CLASSES = [5, 4, 3, 2, 1];

/** What an organisation or formula asks, to be filled in or changed. */
@customElement("kk-seek-form")
export class KkSeekForm extends KkElement {
  @property() municipality = "";
  /** The profile that is changed; null: a new one. */
  @property({ attribute: false }) profile: Requirement | null = null;
  @property({ attribute: false }) kinds: readonly WishKind[] = [];
  @property({ type: Boolean }) isBusy = false;
  @state() private wishes: Wish[] = [];
  @state() private branches: CodeItem[] = [];
  @state() private scores: Choice[] = [];
  @state() private cases: Choice[] = [];

  static override styles = [
    controls,
    matchStyle,
    css`
      form {
        display: grid;
        gap: 10px;
      }
      form label:not(.check) {
        display: grid;
        gap: 2px;
        font-size: 13px;
      }
      .wish {
        display: grid;
        grid-template-columns: 1fr 1fr 36px;
        gap: 4px 8px;
        align-items: end;
        padding: 8px 0;
        border-bottom: 1px solid var(--line);
      }
      .wish > strong {
        grid-column: 1 / 3;
      }
      .wide {
        grid-column: 1 / -1;
      }
    `,
  ];

  override connectedCallback(): void {
    super.connectedCallback();
    this.wishes = this.profile?.content.wishes ?? [
      { ...freshWish("floor_area_m2", "range"), low: 60, high: 150 },
    ];
    // Each of these may stay open until its list can be had.
    const late = () => undefined;
    api.codeList("branch").then(({ items }) => {
      this.branches = items.filter((item) => item.parent_code !== "non_retail");
    }, late);
    profilesApi.scoreProfiles(this.municipality).then(({ items }) => {
      this.scores = items.map((item) => [item.key, labelOf(item)]);
    }, late);
    casesApi.list({ municipality: this.municipality }).then(({ items }) => {
      this.cases = items.map((item) => [String(item.id), item.title]);
    }, late);
  }

  override focus(): void {
    this.renderRoot.querySelector<HTMLInputElement>("[name=name]")?.focus();
  }

  #keep(event: SubmitEvent): void {
    event.preventDefault();
    const given = new FormData(event.target as HTMLFormElement);
    const text = (name: string) => String(given.get(name) ?? "").trim() || null;
    const body: RequirementIn = {
      municipality: this.municipality,
      name: text("name") ?? "",
      prospect_name: text("prospect_name"),
      branch_code: text("branch_code"),
      case_id: text("case_id") === null ? null : Number(text("case_id")),
      score_profile: text("score_profile"),
      content: { wishes: this.wishes },
    };
    this.emit("match-keep", body);
  }

  #put(place: number, patch: Partial<Wish> | null): void {
    this.wishes = this.wishes.flatMap((wish, i) =>
      i !== place ? [wish] : patch === null ? [] : [{ ...wish, ...patch }],
    );
  }

  #select(name: string, label: string, choices: readonly Choice[], value: string | null, words: string) {
    return html`<label>${label}
      <select class="field" name=${name}>
        <option value="">${t("match.none")}</option>
        ${keeping(choices, value, words).map(([code, text]) => html`<option value=${code} ?selected=${code === value}>${text}</option>`)}
      </select></label>`;
  }

  #end(wish: Wish, place: number, side: "low" | "high", kind: WishKind) {
    const label = t(side === "low" ? "profile.least" : "profile.most");
    if (kind.unit === "passage_class")
      return side === "high"
        ? nothing
        : html`<label>${label}
          <select class="field" @change=${(event: Event) => this.#put(place, { low: Number((event.target as HTMLSelectElement).value) })}>
            ${CLASSES.map((step) => html`<option value=${step} ?selected=${step === wish.low}>${tCode("passage_class", String(step))}</option>`)}
          </select></label>`;
    return html`<label>${label} ${kind.unit ? html`<span class="muted">(${this.#sign(kind.unit)})</span>` : nothing}
      <input class="field" type="number" min="0" step="any" .value=${wish[side] === null ? "" : String(wish[side])}
        @change=${(event: Event) => {
          const { value } = event.target as HTMLInputElement;
          this.#put(place, { [side]: value.trim() === "" ? null : Number(value) });
        }} /></label>`;
  }

  #sign(unit: string): string {
    return unit === "m2" ? "m²" : unit === "m" ? "m" : tCode("unit_sign", unit);
  }

  #neighbours(wish: Wish, place: number) {
    const name = (code: string) => labelOf(this.branches.find((item) => item.code === code) ?? {}) || code;
    return html`<div class="bar wide">
        ${wish.branches.map(
          (
            code,
          ) => html`<button class="button" type="button" aria-label=${t("profile.branch_remove", { name: name(code) })}
            @click=${() => this.#put(place, { branches: wish.branches.filter((each) => each !== code) })}>${name(code)} ${icon("close", 14)}</button>`,
        )}
      </div>
      <label>${t("match.branch_add")}
        <select class="field" ?required=${!wish.branches.length}
          @change=${(event: Event) => {
            const field = event.target as HTMLSelectElement;
            if (field.value) this.#put(place, { branches: [...wish.branches, field.value] });
            field.value = "";
          }}>
          <option value="">${t("profile.branch_choose")}</option>
          ${this.branches.filter(({ code }) => !wish.branches.includes(code)).map((item) => html`<option value=${item.code}>${labelOf(item)}</option>`)}
        </select></label>
      <label>${t("match.reach")}
        <select class="field" @change=${(event: Event) => this.#put(place, { reach_m: Number((event.target as HTMLSelectElement).value) as 100 | 400 })}>
          ${([100, 400] as const).map((reach) => html`<option value=${reach} ?selected=${reach === wish.reach_m}>${t("match.metres", { n: reach })}</option>`)}
        </select></label>`;
  }

  #wish(wish: Wish, place: number) {
    const kind = this.kinds.find(({ code }) => code === wish.code);
    if (!kind) return nothing;
    const name = labelOf(kind);
    return html`<div class="wish" role="group" aria-label=${name}>
      <strong>${name}</strong>
      <button class="quiet square" type="button" aria-label=${t("match.wish_remove", { name })} title=${t("match.wish_remove", { name })}
        @click=${() => this.#put(place, null)}>${icon("close", 16)}</button>
      ${kind.kind === "range" ? html`${this.#end(wish, place, "low", kind)} ${this.#end(wish, place, "high", kind)}` : nothing}
      ${kind.kind === "branches" ? this.#neighbours(wish, place) : nothing}
      <label class="check wide"><input type="checkbox" .checked=${wish.is_hard}
        @change=${(event: Event) => this.#put(place, { is_hard: (event.target as HTMLInputElement).checked })} />${t("match.is_hard")}</label>
    </div>`;
  }

  #adder() {
    const asked = new Set(this.wishes.map(({ code }) => code));
    const open = this.kinds.filter(({ code, kind }) => kind === "branches" || !asked.has(code));
    return html`<label>${t("match.wish_add")}
      <select class="field" @change=${(event: Event) => {
        const field = event.target as HTMLSelectElement;
        const kind = this.kinds.find(({ code }) => code === field.value);
        if (kind) this.wishes = [...this.wishes, freshWish(kind.code, kind.kind)];
        field.value = "";
      }}>
        <option value="">${t("match.wish_choose")}</option>
        ${open.map((kind) => html`<option value=${kind.code}>${labelOf(kind)}</option>`)}
      </select></label>`;
  }

  protected override render() {
    const { profile } = this;
    const branches = this.branches.map((item): Choice => [item.code, labelOf(item)]);
    return html`<form @submit=${this.#keep} @keydown=${(event: KeyboardEvent) => event.stopPropagation()}>
      <label>${t("match.name")}<input class="field" name="name" required maxlength="80" pattern=".*\\S.*" autocomplete="off" .value=${profile?.name ?? ""} /></label>
      <label>${t("match.prospect")}<input class="field" name="prospect_name" maxlength="200" autocomplete="off" .value=${profile?.prospect_name ?? ""} /></label>
      <p class="small muted">${t("case.no_persons")}</p>
      ${this.#select("branch_code", t("case_fact.branch_code"), branches, profile?.branch_code ?? null, tCode("branch", profile?.branch_code))}
      ${this.#select("score_profile", t("match.score_profile"), this.scores, profile?.score_profile ?? null, tCode("score_profile", profile?.score_profile))}
      ${this.#select("case_id", t("match.case"), this.cases, profile?.case_title ? String(profile.case_id) : null, profile?.case_title ?? "")}
      <h3>${t("match.wishes")}</h3>
      <div>${this.wishes.map((wish, place) => this.#wish(wish, place))}</div>
      ${this.#adder()}
      <div class="bar">
        <button class="button primary" ?disabled=${this.isBusy || !this.wishes.length}>${t("case.save")}</button>
        <button class="button" type="button" @click=${() => this.emit("match-cancel")}>${t("case.cancel")}</button>
      </div>
    </form>`;
  }
}
