import { html, nothing } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import { branchesApi, type Gaps, type Peer } from "../api/branches.ts";
import { date, number } from "../text/format.ts";
import { labelOf, t, tCode } from "../text/index.ts";
import { Done } from "../ui/asked.ts";
import { controls } from "../ui/controls.ts";
import { KkElement } from "../ui/element.ts";
import { branchStyle } from "./branches.css.ts";
import { factValue } from "./gaps.ts";
import "./say-form.ts";

/** The towns that are compared with, each with the reasons why it is alike; they may be chosen by hand. */
@customElement("kk-peer-list")
export class KkPeerList extends KkElement {
  @property({ attribute: false }) told!: Gaps;
  @property() municipality = "";
  /** The towns that are ticked while somebody chooses. */
  @state() private picked: readonly string[] | null = null;
  readonly #act = new Done(this);

  static override styles = [controls, branchStyle];

  async #send(work: () => Promise<unknown>): Promise<void> {
    if (!(await this.#act.run(work))) return;
    this.picked = null;
    this.emit("peers-changed");
  }

  #why(peer: Peer) {
    const facts = peer.facts.flatMap(({ fact, own, theirs }) =>
      own === null || theirs === null
        ? []
        : [
            t("branches.against", {
              fact: tCode("peer_fact", fact),
              theirs: factValue(fact, theirs),
              own: factValue(fact, own),
            }),
          ],
    );
    const missing = peer.missing.map((fact) => tCode("peer_fact", fact)).join(", ");
    return html`<p class="small">${facts.join("; ")}.
      ${missing ? html`<span class="muted">${t("branches.fact_missing", { facts: missing })}</span>` : nothing}</p>`;
  }

  #distance({ distance, n_facts: n }: Peer) {
    return distance === null
      ? t("branches.no_distance", { n, least: this.told.least_facts })
      : t("branches.distance", { distance: number(distance, 2), n });
  }

  #peer(peer: Peer) {
    return html`<li><span class="line"><strong>${labelOf(peer, "name")}</strong>
      <span class="small muted num">${this.#distance(peer)}</span></span>${this.#why(peer)}</li>`;
  }

  #choosing(picked: readonly string[]) {
    return html`<div class="box">
      <p class="small">${t("branches.choose_hint")}</p>
      <ul>
        ${this.told.items.map((peer) => {
          const key = peer.nis_code;
          return html`<li><label class="check"><input type="checkbox" .checked=${picked.includes(key)} ?disabled=${peer.why_not !== null}
            @change=${(event: Event) => {
              const isOn = (event.target as HTMLInputElement).checked;
              this.picked = isOn ? [...picked, key] : picked.filter((one) => one !== key);
            }} /> ${labelOf(peer, "name")}
            <span class="muted">${peer.why_not ? tCode("gap_why_not", peer.why_not) : this.#distance(peer)}</span></label></li>`;
        })}
      </ul>
      ${
        picked.length
          ? html`<kk-say-form .label=${t("branches.choose_keep", { n: picked.length })} .busy=${this.#act.isBusy}
              @say=${(event: CustomEvent<{ reason: string }>) =>
                this.#send(() =>
                  branchesApi.choosePeers(this.municipality, {
                    peer_codes: picked,
                    reason: event.detail.reason,
                  }),
                )}
              @say-cancel=${() => {
                this.picked = null;
              }}></kk-say-form>`
          : html`<p class="small">${t("branches.choose_one")}</p>
              <button class="quiet" @click=${() => {
                this.picked = null;
              }}>${t("branches.cancel")}</button>`
      }
    </div>`;
  }

  #choice() {
    const { choice, is_by_hand: isByHand, k } = this.told;
    const text =
      choice && isByHand
        ? t("branches.chosen", { by: choice.made_by, on: date(choice.made_at), reason: choice.reason })
        : t("branches.most_alike", { k });
    return html`<p class="small muted">${text}</p>
      <div class="bar">
        <button class="button" @click=${() => {
          this.picked = this.told.items.filter((item) => item.is_peer).map((item) => item.nis_code);
        }}>${t("branches.choose")}</button>
        ${choice ? html`<button class="quiet" ?disabled=${this.#act.isBusy} @click=${() => this.#send(() => branchesApi.undoPeers(this.municipality))}>${t("branches.undo_choice")}</button>` : nothing}
      </div>`;
  }

  protected override render() {
    const peers = this.told.items.filter((item) => item.is_peer);
    return html`<section aria-labelledby="peers">
      <h3 id="peers">${t("branches.peers", { n: peers.length })}</h3>
      <p class="small">${peers.map((peer) => labelOf(peer, "name")).join(", ")}</p>
      <details>
        <summary class="small">${t("branches.why_alike")}</summary>
        <ul class="rows">${peers.map((peer) => this.#peer(peer))}</ul>
      </details>
      ${this.picked ? this.#choosing(this.picked) : this.#choice()}
      ${this.#act.draw()}
    </section>`;
  }
}
