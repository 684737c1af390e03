import { css, html, nothing, type PropertyValues } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import { branchesApi, type Sharing, type SharingShop } from "../api/branches.ts";
import { api } from "../api/client.ts";
import type { CodeItem } from "../api/types.ts";
import { date, number, percent } from "../text/format.ts";
import { labelOf, t, tCode } from "../text/index.ts";
import { Asked } from "../ui/asked.ts";
import { controls } from "../ui/controls.ts";
import { KkElement } from "../ui/element.ts";
import { branchStyle } from "./branches.css.ts";
import { sharingStore } from "./sharing-store.ts";

const MODES = ["walk", "bicycle", "car"] as const;
type Mode = (typeof MODES)[number];

/** Whom a new shop in this unit would share with the shops of its branch that there are. */
@customElement("kk-sharing")
export class KkSharing extends KkElement {
  @property({ type: Number }) unit = 0;
  @state() private branch = "";
  @state() private mode: Mode = "walk";
  @state() private branches: CodeItem[] = [];
  readonly #sharing = new Asked(this, (signal) =>
    this.unit && this.branch
      ? branchesApi.sharing({ shop_unit: this.unit, branch: this.branch, mode: this.mode }, signal)
      : null,
  );

  static override styles = [
    controls,
    branchStyle,
    css`
      :host {
        margin: 8px 0;
      }
    `,
  ];

  override connectedCallback(): void {
    super.connectedCallback();
    api.codeList("branch").then(
      ({ items }) => {
        this.branches = items;
      },
      // Without the list there is nothing to choose; the rest of the panel stands by itself.
      () => undefined,
    );
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    sharingStore.show([]);
  }

  protected override willUpdate(changed: PropertyValues): void {
    if (changed.has("unit")) void this.#anew();
  }

  async #anew(): Promise<void> {
    sharingStore.show([]);
    await this.#sharing.anew();
    const { value } = this.#sharing;
    if (this.isConnected) sharingStore.show(value?.shops ?? []);
  }

  #row(shop: SharingShop, told: Sharing) {
    const lost = shop.lost.map(({ share }) => (share === null ? "–" : percent(share, 0)));
    return html`<tr>
      <th scope="row"><button class="quiet" @click=${() => this.emit("unit-select", { id: shop.id })}>${shop.name ?? shop.address ?? tCode("branch", told.branch)}</button></th>
      ${shop.bands.map(
        (band) => html`<td class="num">${band.shared_share === null ? "–" : percent(band.shared_share, 0)}
          <span class="muted">${number(band.shared)}</span></td>`,
      )}
      <td class="num">${lost.join(" / ")}</td>
    </tr>`;
  }

  #told(told: Sharing) {
    if (told.why_not) return html`<p class="small">${t("sharing.no_people")}</p>`;
    const source = t("sharing.source", {
      source: told.source ?? t("unknown"),
      on:
        told.observed_on && told.observed_on.length > 4
          ? date(told.observed_on)
          : (told.observed_on ?? t("unknown")),
      coverage: told.coverage === null ? t("unknown") : percent(told.coverage, 0),
    });
    return html`<p class="small">${told.served.map(
      ({ limit, people, served_share: share }) =>
        html`${t("sharing.served", { minutes: limit, people: number(people), share: share === null ? "–" : percent(share, 0) })}<br />`,
    )}</p>
    ${
      told.shops.length
        ? html`<table>
            <caption class="small muted">${t("sharing.caption")}</caption>
            <thead><tr><th scope="col">${tCode("branch", told.branch)}</th>
              ${told.minutes.map((minutes) => html`<th scope="col">${t("sharing.minutes", { n: minutes })}</th>`)}
              <th scope="col">${t("sharing.lost")}</th></tr></thead>
            <tbody>${told.shops.map((shop) => this.#row(shop, told))}</tbody>
          </table>
          <p class="small muted">${t("sharing.lost_hint", { minutes: told.minutes.join(" / ") })}</p>`
        : html`<p class="small">${t("sharing.none")}</p>`
    }
    ${told.n_left_out ? html`<p class="small muted">${t("sharing.left_out", { n: told.n_left_out })}</p>` : nothing}
    <p class="small muted">${source}</p>`;
  }

  protected override render() {
    return html`<details @toggle=${(event: Event) => {
      if (!(event.target as HTMLDetailsElement).open) {
        this.branch = "";
        void this.#anew();
      }
    }}>
      <summary>${t("sharing.title")}</summary>
      <div class="bar">
        <select class="field" aria-label=${t("sharing.branch")} @change=${(event: Event) => {
          this.branch = (event.target as HTMLSelectElement).value;
          void this.#anew();
        }}>
          <option value="" .selected=${!this.branch}>${t("sharing.branch")}</option>
          ${this.branches.map((item) => html`<option value=${item.code} .selected=${item.code === this.branch}>${labelOf(item)}</option>`)}
        </select>
        <select class="field" aria-label=${t("sharing.mode")} @change=${(event: Event) => {
          this.mode = (event.target as HTMLSelectElement).value as Mode;
          void this.#anew();
        }}>${MODES.map((mode) => html`<option value=${mode} .selected=${mode === this.mode}>${t(`catchment.${mode}`)}</option>`)}</select>
      </div>
      ${this.branch ? this.#sharing.draw((told) => this.#told(told)) : html`<p class="small muted">${t("sharing.hint")}</p>`}
    </details>`;
  }
}
