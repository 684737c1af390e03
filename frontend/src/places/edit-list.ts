import { css, html, type PropertyValues } from "lit";
import { customElement, property } from "lit/decorators.js";
import { api } from "../api/client.ts";
import type { Edit } from "../api/types.ts";
import { date } from "../text/format.ts";
import { t, tCode } from "../text/index.ts";
import { Asked, Done } from "../ui/asked.ts";
import { controls } from "../ui/controls.ts";
import { KkElement } from "../ui/element.ts";
import { icon } from "../ui/icons.ts";

/** The latest splits, mergers and ends in the municipality, each of which can be taken back. */
@customElement("kk-edit-list")
export class KkEditList extends KkElement {
  @property() municipality = "";
  readonly #edits = new Asked(this, () => (this.municipality ? api.edits(this.municipality) : null));
  readonly #done = new Done(this);

  static override styles = [
    controls,
    css`
      :host {
        display: grid;
        gap: 10px;
      }
      li {
        display: flex;
        gap: 10px;
        align-items: center;
        justify-content: space-between;
        padding: 6px 0;
        border-bottom: 1px solid var(--line);
      }
    `,
  ];

  protected override willUpdate(changed: PropertyValues): void {
    if (changed.has("municipality")) void this.#edits.anew();
  }

  async #undo(edit: Edit): Promise<void> {
    await this.#done.run(async () => {
      await api.undoEdit(edit.id);
      this.emit("units-changed");
      await this.#edits.again();
    });
  }

  #row(edit: Edit) {
    const label = edit.label.slice(edit.label.indexOf(": ") + 2);
    const name = `${tCode("edit_kind", edit.kind)}: ${label}`;
    return html`<li>
      <span>${name}<br /><span class="small muted">${t("edit.from", { on: date(edit.on) })}</span></span>
      ${
        edit.state === "undone"
          ? html`<span class="badge">${t("edit.undone")}</span>`
          : html`<button
            class="button"
            ?disabled=${this.#done.isBusy}
            aria-label=${`${t("undo")}: ${name}`}
            @click=${() => void this.#undo(edit)}
          >
            ${icon("reset", 16)} ${t("undo")}
          </button>`
      }
    </li>`;
  }

  #list(edits: readonly Edit[]) {
    if (edits.length === 0)
      return html`<kk-empty .heading=${t("edit.none")} .text=${t("edit.none_hint")}></kk-empty>`;
    return html`${this.#done.draw()}
      <ul>
        ${edits.map((edit) => this.#row(edit))}
      </ul>`;
  }

  protected override render() {
    return this.#edits.draw(
      ({ items }) => this.#list(items),
      html`<kk-skeleton-rows count="3"></kk-skeleton-rows>`,
    );
  }
}
