import { css, html, nothing, type PropertyValues } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import { api } from "../api/client.ts";
import type { Edit } from "../api/types.ts";
import { date } from "../text/format.ts";
import { t, tCode } from "../text/index.ts";
import { controls } from "../ui/controls.ts";
import { KkElement } from "../ui/element.ts";
import { icon } from "../ui/icons.ts";
import { IDLE, LOADING, type Loadable } from "../ui/loadable.ts";

/** The latest splits, mergers and ends in the municipality, each of which can be taken back. */
@customElement("kk-edit-list")
export class KkEditList extends KkElement {
  @property() municipality = "";
  @state() private edits: Loadable<Edit[]> = IDLE;
  @state() private error: unknown = null;
  @state() private busy: number | null = null;

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
    if (changed.has("municipality")) void this.#load();
  }

  async #load(): Promise<void> {
    const { municipality } = this;
    this.edits = LOADING;
    let next: Loadable<Edit[]>;
    try {
      next = { status: "ready", value: (await api.edits(municipality)).items };
    } catch (error) {
      next = { status: "error", error };
    }
    if (municipality === this.municipality) this.edits = next;
  }

  async #undo(edit: Edit): Promise<void> {
    this.busy = edit.id;
    this.error = null;
    try {
      await api.undoEdit(edit.id);
      this.emit("units-changed");
      await this.#load();
    } catch (error) {
      this.error = error;
    }
    this.busy = null;
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
            ?disabled=${this.busy !== null}
            aria-label=${`${t("undo")}: ${name}`}
            @click=${() => void this.#undo(edit)}
          >
            ${icon("reset", 16)} ${t("undo")}
          </button>`
      }
    </li>`;
  }

  protected override render() {
    const { edits } = this;
    if (edits.status === "error")
      return html`<kk-error .error=${edits.error} @retry=${() => void this.#load()}></kk-error>`;
    if (edits.status !== "ready") return html`<kk-skeleton-rows count="3"></kk-skeleton-rows>`;
    if (edits.value.length === 0)
      return html`<kk-empty .heading=${t("edit.none")} .text=${t("edit.none_hint")}></kk-empty>`;
    return html`${this.error ? html`<kk-error plain .error=${this.error}></kk-error>` : nothing}
      <ul>
        ${edits.value.map((edit) => this.#row(edit))}
      </ul>`;
  }
}
