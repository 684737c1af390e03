import { css, html, nothing } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import { t } from "../text/index.ts";
import { controls } from "../ui/controls.ts";
import { KkElement } from "../ui/element.ts";
import { icon } from "../ui/icons.ts";
import { LETTERS, MOST_PLACES, PLACE_COLOURS } from "./bands.ts";
import type { Place } from "./question.ts";
import { sectionStyle } from "./section.css.ts";

/** The places that are asked about: put one, add up to three to compare with, order and remove them. */
@customElement("kk-place-list")
export class KkPlaceList extends KkElement {
  @property({ attribute: false }) places: readonly Place[] = [];
  @property({ attribute: false }) names: readonly string[] = [];
  @property() municipality = "";
  @property({ type: Boolean }) picking = false;
  @state() private isAdding = false;

  static override styles = [
    controls,
    sectionStyle,
    css`
      :host {
        display: grid;
        gap: 8px;
      }
      li {
        display: flex;
        align-items: center;
        gap: 8px;
        min-height: 36px;
      }
      .name {
        flex: 1;
        min-width: 0;
        font-weight: 600;
        line-height: 1.2;
        overflow-wrap: anywhere;
      }
      li.first .name {
        font-size: 18px;
        font-weight: 650;
      }
      li .quiet.square {
        width: 32px;
        height: 32px;
      }
      .find {
        display: grid;
        gap: 8px;
      }
    `,
  ];

  #ask(places: readonly Place[]): void {
    this.emit("catchment-ask", { patch: { places } });
  }

  #find(how: "only" | "add") {
    return html`<div
      class="find"
      @place-chosen=${(event: CustomEvent<{ place: Place }>) => {
        event.stopPropagation();
        this.isAdding = false;
        this.emit("catchment-open", { place: event.detail.place, how });
      }}
    >
      <kk-place-search
        .municipality=${this.municipality}
        .label=${t(how === "add" ? "catchment.search_add" : "catchment.search")}
      ></kk-place-search>
      <button
        class="button"
        aria-pressed=${this.picking}
        @click=${() => {
          this.isAdding = false;
          this.emit("catchment-pick", { pick: this.picking ? null : { kind: "place", how } });
        }}
      >
        ${icon("pin")} ${t("catchment.put_point")}
      </button>
    </div>`;
  }

  #row(place: Place, i: number) {
    const name = this.names[i] ?? "";
    const others = this.places.filter((_, j) => j !== i);
    return html`<li class=${i === 0 ? "first" : ""}>
      <span class="letter" style="--place:${PLACE_COLOURS[i]}" aria-hidden="true">${LETTERS[i]}</span>
      <span class="name">${name}</span>
      ${
        i > 0
          ? html`<button
            class="quiet square"
            aria-label=${t("catchment.make_first", { name })}
            title=${t("catchment.make_first", { name })}
            @click=${() => this.#ask([place, ...others])}
          >
            ${icon("up")}
          </button>`
          : nothing
      }
      <button
        class="quiet square"
        aria-label=${t("catchment.remove", { name })}
        title=${t("catchment.remove", { name })}
        @click=${() => this.#ask(others)}
      >
        ${icon("close")}
      </button>
    </li>`;
  }

  #add(): void {
    this.isAdding = !this.isAdding;
    if (!this.isAdding) return;
    void this.updateComplete.then(() =>
      this.renderRoot.querySelector<HTMLElement>("kk-place-search")?.focus(),
    );
  }

  protected override render() {
    const { places } = this;
    if (places.length === 0) return this.#find("only");
    return html`<ul aria-label=${t("catchment.places")}>
        ${places.map((place, i) => this.#row(place, i))}
      </ul>
      ${
        places.length < MOST_PLACES
          ? html`<div>
            <button class="quiet" aria-expanded=${this.isAdding} @click=${this.#add}>
              ${icon("plus")} ${t("catchment.add")}
            </button>
          </div>`
          : html`<p class="small muted">${t("catchment.most_places")}</p>`
      }
      ${this.isAdding && places.length < MOST_PLACES ? this.#find("add") : nothing}`;
  }
}
