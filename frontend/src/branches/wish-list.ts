import { html, nothing } from "lit";
import { customElement, property } from "lit/decorators.js";
import type { Wish, Wishes } from "../api/branches.ts";
import { date } from "../text/format.ts";
import { t, tCode } from "../text/index.ts";
import { controls } from "../ui/controls.ts";
import { KkElement } from "../ui/element.ts";
import { branchStyle } from "./branches.css.ts";

/** The branches that the town wishes and does not want, who said so, and all that was said before. */
@customElement("kk-wish-list")
export class KkWishList extends KkElement {
  @property({ attribute: false }) told: Wishes | null = null;
  @property({ type: Boolean }) busy = false;

  static override styles = [controls, branchStyle];

  #by(wish: Wish) {
    return t("branches.by", { by: wish.made_by, on: date(wish.since_on), reason: wish.reason });
  }

  #where({ core_name: core }: Wish): string {
    return core ? ` (${core})` : "";
  }

  #some(stance: "wished" | "unwanted") {
    const items = this.told!.items.filter((wish) => wish.stance === stance);
    if (!items.length) return nothing;
    const names = items.map((wish) => `${tCode("branch", wish.branch_code)}${this.#where(wish)}`).join(", ");
    return html`<details>
      <summary><strong>${t(stance === "wished" ? "branches.wished" : "branches.unwanted", { n: items.length })}</strong>
        <span class="small muted">${names}</span></summary>
      <ul class="rows">${items.map(
        (
          wish,
        ) => html`<li><span class="line"><strong>${tCode("branch", wish.branch_code)}${this.#where(wish)}</strong>
          <button class="quiet" ?disabled=${this.busy} aria-label="${t("branches.undo")}: ${tCode("branch", wish.branch_code)}"
            @click=${() => this.emit("take-back", { id: wish.id })}>${t("branches.undo")}</button></span>
          <span class="small muted">${this.#by(wish)}</span></li>`,
      )}</ul></details>`;
  }

  #history() {
    const { history } = this.told!;
    if (!history.length) return nothing;
    return html`<details class="small"><summary>${t("branches.history", { n: history.length })}</summary>
      <ul class="rows">${history.map(
        (
          wish,
        ) => html`<li><span>${tCode("branch", wish.branch_code)}${this.#where(wish)}: ${tCode("branch_stance", wish.stance)}</span>
          <span class="muted">${this.#by(wish)} ${wish.undone_at ? t("branches.undone", { by: wish.undone_by ?? "", on: date(wish.undone_at) }) : ""}</span></li>`,
      )}</ul></details>`;
  }

  protected override render() {
    if (!this.told) return nothing;
    return html`<section class="box" aria-label=${t("branches.wishes")}>
      ${this.told.items.length ? nothing : html`<p class="small">${t("branches.no_wishes")}</p>`}
      ${this.#some("wished")} ${this.#some("unwanted")} ${this.#history()}
    </section>`;
  }
}
