import { html, nothing, type PropertyValues } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import { api, apiUrl } from "../api/client.ts";
import type { Chains, Move, MoveChain, MovePlace } from "../api/types.ts";
import { date, number } from "../text/format.ts";
import { t } from "../text/index.ts";
import { Asked, Done } from "../ui/asked.ts";
import { controls } from "../ui/controls.ts";
import { KkElement } from "../ui/element.ts";
import { icon } from "../ui/icons.ts";
import { durationsStyle } from "./durations.css.ts";
import { signed, yearName } from "./flow-chart.ts";

const SHOWN = 5;
const YEARS = 6;

/** Shops that moved inside the municipality: netted out per year, in chains, and proposals to decide on. */
@customElement("kk-chains")
export class KkChains extends KkElement {
  @property() municipality: string | null = null;
  @state() private isWhole = false;
  /** What was decided last, to be taken back at once. */
  @state() private last: { id: number; name: string; isConfirmed: boolean } | null = null;
  readonly #chains = new Asked(this, (signal) =>
    this.municipality ? api.chains(this.municipality, signal) : null,
  );
  readonly #done = new Done(this);

  static override styles = [controls, durationsStyle];

  protected override willUpdate(changed: PropertyValues): void {
    if (!changed.has("municipality")) return;
    this.last = null;
    void this.#chains.anew();
  }

  #act(act: () => Promise<unknown>): Promise<boolean> {
    return this.#done.run(async () => {
      await act();
      await this.#chains.again();
    });
  }

  async #decide(move: Move, isConfirmed: boolean): Promise<void> {
    await this.#act(async () => {
      const { id } = await api.decideMove({
        occupancy_id: move.occupancy_id,
        from_unit_id: move.from.shop_unit_id,
        is_confirmed: isConfirmed,
      });
      this.last = { id, name: move.name ?? t("unknown"), isConfirmed };
    });
    await this.updateComplete;
    this.renderRoot.querySelector<HTMLElement>(".undo button")?.focus();
  }

  async #takeBack(id: number): Promise<void> {
    await this.#act(() => api.takeBackMove(id));
    if (this.last?.id === id) this.last = null;
  }

  #place({ shop_unit_id: id, address }: MovePlace) {
    return html`<button class="open" @click=${() => this.emit("unit-select", { id })}>${address ?? t("unknown")}</button>`;
  }

  #fromTo(move: Move): string {
    return t("moved.from_to", {
      name: move.name ?? t("unknown"),
      from: move.from.address ?? t("unknown"),
      to: move.to.address ?? t("unknown"),
    });
  }

  #chain(chain: MoveChain) {
    return html`<li class="item">
      ${chain.moves.map((move) => html`<span>${this.#fromTo(move)} <span class="small muted">${move.opened_on ? date(move.opened_on) : nothing}</span></span>`)}
      <span class="small muted">
        ${
          chain.is_cycle
            ? t("moved.cycle")
            : t("moved.filled", {
                moves: number(chain.moves.length),
                filled: chain.filled.map(({ address }) => address ?? "?").join(", "),
                emptied: chain.emptied.map(({ address }) => address ?? "?").join(", "),
              })
        }
      </span>
      ${chain.emptied.map((place) => this.#place(place))}
    </li>`;
  }

  #proposal(move: Chains["proposals"][number]) {
    const named = (key: "moved.same" | "moved.other") => `${t(key)}: ${this.#fromTo(move)}`;
    return html`<li class="item">
      <span>${this.#fromTo(move)}</span>
      <span class="small muted">
        ${t("moved.gap", { closed: date(move.closed_on!), opened: date(move.opened_on!) })}
      </span>
      <div class="choice">
        <button class="button" ?disabled=${this.#done.isBusy} aria-label=${named("moved.same")} @click=${() => void this.#decide(move, true)}>
          ${t("moved.same")}
        </button>
        <button class="button" ?disabled=${this.#done.isBusy} aria-label=${named("moved.other")} @click=${() => void this.#decide(move, false)}>
          ${t("moved.other")}
        </button>
      </div>
    </li>`;
  }

  #proposals({ proposals }: Chains) {
    if (!proposals.length) return nothing;
    const shown = this.isWhole ? proposals : proposals.slice(0, SHOWN);
    return html`<section>
      <h3>${t("moved.proposals")} <span class="badge num">${number(proposals.length)}</span></h3>
      <p class="small muted">${t("moved.proposals_explain")}</p>
      <ul>
        ${shown.map((move) => this.#proposal(move))}
      </ul>
      ${
        shown.length < proposals.length
          ? html`<button
            class="button"
            @click=${() => {
              this.isWhole = true;
            }}
          >
            ${t("moved.more", { count: number(proposals.length) })}
          </button>`
          : nothing
      }
    </section>`;
  }

  #decided({ decided }: Chains) {
    if (!decided.length) return nothing;
    return html`<details>
      <summary>${t("moved.decided")} (${number(decided.length)})</summary>
      <ul>
        ${decided.map(({ id, occupant_name, is_confirmed }) => {
          const name = occupant_name ?? t("unknown");
          return html`<li class="item row">
            <span>${t(is_confirmed ? "moved.decided_yes" : "moved.decided_no", { name })}</span>
            <button class="quiet" ?disabled=${this.#done.isBusy} aria-label=${`${t("undo")}: ${name}`} @click=${() => void this.#takeBack(id)}>
              ${t("undo")}
            </button>
          </li>`;
        })}
      </ul>
    </details>`;
  }

  #years({ years }: Chains) {
    return html`<ul>
      ${years
        .slice(-YEARS)
        .reverse()
        .map(
          (year) => html`<li class="item row">
            <span>
              ${t("moved.year", {
                year: yearName(year),
                new: number(year.n_new),
                lost: number(year.n_lost),
                moved: number(year.n_moved_in),
              })}
            </span>
            <strong class="num">${t("moved.net", { net: signed(year.n_net) })}</strong>
          </li>`,
        )}
    </ul>`;
  }

  protected override render() {
    return this.#chains.draw(
      (chains) => this.#whole(chains),
      html`<kk-skeleton-rows count="3"></kk-skeleton-rows>`,
    );
  }

  #whole(value: Chains) {
    const { last } = this;
    const file = apiUrl("exports/vacancy-chains.csv", { municipality: this.municipality });
    return html`<section>
        <h2>${t("moved.title")}</h2>
        <p class="small">${t("moved.explain")}</p>
        ${this.#years(value)}
      </section>
      ${
        last
          ? html`<div class="undo" role="status">
            <span>${t(last.isConfirmed ? "moved.decided_yes" : "moved.decided_no", { name: last.name })}</span>
            <button class="quiet" @click=${() => void this.#takeBack(last.id)}>${icon("reset", 16)} ${t("undo")}</button>
          </div>`
          : nothing
      }
      ${this.#done.draw()} ${this.#proposals(value)}
      <section>
        <h3>${t("moved.chains")}</h3>
        ${
          value.chains.length
            ? html`<ul>
              ${value.chains.slice(0, this.isWhole ? undefined : SHOWN).map((chain) => this.#chain(chain))}
            </ul>`
            : html`<p class="small muted">${t("moved.none")}</p>`
        }
        ${
          value.chains.length
            ? html`<p><a class="quiet" href=${file} download>${icon("download", 16)} ${t("lasting.download")}</a></p>`
            : nothing
        }
      </section>
      ${this.#decided(value)}`;
  }
}
