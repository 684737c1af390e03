import { css, html, nothing, type PropertyValues } from "lit";
import { customElement, property } from "lit/decorators.js";
import { type MatchedProfile, matchApi, type UnitCandidates } from "../api/match.ts";
import type { ShopUnitDetail } from "../api/types.ts";
import { number } from "../text/format.ts";
import { t, tCode } from "../text/index.ts";
import { Asked } from "../ui/asked.ts";
import { controls } from "../ui/controls.ts";
import { KkElement } from "../ui/element.ts";
import { matchStyle } from "./match.css.ts";
import { rankBadge, reasons, standingText } from "./standing.ts";

/** Who might come to this unit: requirement profiles ranked for it, with the reasons of those that fall out. */
@customElement("kk-unit-candidates")
export class KkUnitCandidates extends KkElement {
  @property({ attribute: false }) unit!: ShopUnitDetail;
  readonly #found = new Asked(this, (signal) => matchApi.candidates(this.unit.id, signal));

  static override styles = [
    controls,
    matchStyle,
    css`
      section {
        margin-top: 20px;
        padding-top: 14px;
        border-top: 1px solid var(--line);
      }
      h3 {
        margin: 0 0 6px;
        font-size: 16px;
      }
    `,
  ];

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has("unit")) void this.#found.anew();
  }

  #open(key: string | null): void {
    this.emit("view-change", { tab: "cases", section: "seek", seek: key, case: null, unit: null });
  }

  #profile(item: MatchedProfile) {
    const { profile, joined } = item;
    const facts = [profile.prospect_name, profile.branch_code && tCode("branch", profile.branch_code)];
    return html`<li>
      <div class="head">
        <div>${rankBadge(item)}</div>
        <div>
          <button class="open" @click=${() => this.#open(profile.key)}>${profile.name}</button>
          <div class="small muted">${facts.filter(Boolean).join(" · ")}</div>
          <div class="small">${standingText(item)}</div>
          ${reasons(item.wishes, item.answers)}
          ${joined.slice(0, 1).map(
            ({ shop_units }) =>
              html`<p class="small">${t("match.fits_joined", {
                others: shop_units
                  .filter(({ shop_unit_id }) => shop_unit_id !== this.unit.id)
                  .map(({ address }) => address)
                  .join(t("match.and")),
              })}</p>`,
          )}
        </div>
      </div>
    </li>`;
  }

  #drawn({ items }: UnitCandidates) {
    if (!items.length)
      return html`<p class="small muted">${t("match.no_profiles")}</p>
        <button class="button" @click=${() => this.#open(null)}>${t("match.to_profiles")}</button>`;
    const isNear = (item: MatchedProfile) => item.verdict !== "out" || item.joined.length > 0;
    const out = items.filter((item) => !isNear(item));
    return html`<ul class="items">${items.filter(isNear).map((item) => this.#profile(item))}</ul>
      ${
        out.length
          ? html`<details><summary>${t("match.out_profiles", { n: number(out.length) })}</summary>
            <ul class="items">${out.map((item) => this.#profile(item))}</ul></details>`
          : nothing
      }`;
  }

  protected override render() {
    // A shop that trades and stays asks for nobody; only what is or may become free has candidates.
    const isFree = this.unit.state === "vacant" || this.#found.value?.offer;
    if (!isFree) return nothing;
    return html`<section aria-labelledby="candidates">
      <h3 id="candidates">${t("match.candidates")}</h3>
      ${this.#found.draw((found) => this.#drawn(found))}
    </section>`;
  }
}
