import { html, nothing } from "lit";
import { customElement, property, query, state } from "lit/decorators.js";
import { cardApi, type UnitCard } from "../api/card.ts";
import { date } from "../text/format.ts";
import { t } from "../text/index.ts";
import { Done } from "../ui/asked.ts";
import { controls } from "../ui/controls.ts";
import { KkElement } from "../ui/element.ts";
import { icon } from "../ui/icons.ts";
import { cardStyle } from "./card.css.ts";
import type { KkPhotoBlur } from "./photo-blur.ts";
import "./photo-blur.ts";

/** Photographs of the front: the newest large, and a way to add one on which nobody can be recognised. */
@customElement("kk-premises-photos")
export class KkPremisesPhotos extends KkElement {
  @property({ attribute: false }) card!: UnitCard;
  @state() private isAdding = false;
  @query("kk-photo-blur") private cover!: KkPhotoBlur | null;
  readonly #sending = new Done(this);

  static override styles = [controls, cardStyle];

  async #send(event: SubmitEvent): Promise<void> {
    event.preventDefault();
    const { shop_unit } = this.card;
    const file = new FormData(event.target as HTMLFormElement).get("photo") as File;
    const isFine = await this.#sending.run(async () => {
      const card = await cardApi.addPhoto(shop_unit, (await this.cover?.blob()) ?? file);
      const newest = card.photos[0]!;
      const undo = () => cardApi.removePhoto(shop_unit, newest.id);
      this.emit("card-saved", { card, text: t("card.photo_added"), undo });
    });
    if (isFine) this.isAdding = false;
  }

  async #remove(id: number): Promise<void> {
    const { shop_unit } = this.card;
    await this.#sending.run(async () => {
      const card = await cardApi.removePhoto(shop_unit, id);
      const undo = () => cardApi.restorePhoto(shop_unit, id);
      this.emit("card-saved", { card, text: t("card.photo_removed"), undo });
    });
  }

  protected override render() {
    const shown = this.card.photos.filter((one) => one.decision === "accepted");
    const first = shown[0];
    return html`<div class="stack">
      ${
        first
          ? html`<div>
            <img src=${cardApi.photo(first.id)} alt=${t("card.photo_alt", { address: this.card.unit.address })} />
            <div class="bar small muted">${t("card.photo_on", { on: date(first.added_at) })}
              <button class="quiet" @click=${() => void this.#remove(first.id)}>${icon("trash", 16)} ${t("card.photo_remove")}</button></div>
          </div>`
          : nothing
      }
      ${
        this.isAdding
          ? html`<form class="box" @submit=${(event: SubmitEvent) => void this.#send(event)}>
            <label class="wide">${t("card.photo_file")} <input class="field" type="file" name="photo" accept="image/jpeg,image/png,image/webp" required
              @change=${(event: Event) => void this.cover?.open((event.target as HTMLInputElement).files?.[0] ?? null)} /></label>
            <kk-photo-blur class="wide"></kk-photo-blur>
            <label class="check wide"><input type="checkbox" required /> ${t("card.photo_persons")}</label>
            <div class="bar wide"><button class="button primary" ?disabled=${this.#sending.isBusy}>${t("card.photo_send")}</button>
              <button type="button" class="button" @click=${() => this.#close()}>${t("card.cancel")}</button></div>
          </form>`
          : html`<div><button class="button" @click=${() => this.#open()}>${icon("plus", 16)} ${t("card.photo_add")}</button></div>`
      }
      ${this.#sending.draw()}
    </div>`;
  }

  #open(): void {
    this.isAdding = true;
  }

  #close(): void {
    this.isAdding = false;
    this.#sending.forget();
  }
}
