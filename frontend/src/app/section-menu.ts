import { css, html } from "lit";
import { customElement, property } from "lit/decorators.js";
import { tCode } from "../text/index.ts";
import { controls } from "../ui/controls.ts";
import { KkElement } from "../ui/element.ts";
import type { Section } from "./view.ts";

/** The row of names from which one section of a tab is chosen. */
@customElement("kk-section-menu")
export class KkSectionMenu extends KkElement {
  @property({ attribute: false }) sections: readonly Section[] = [];
  @property() current: Section | null = null;
  @property() label = "";

  static override styles = [
    controls,
    css`
      .menu {
        display: flex;
        flex-wrap: wrap;
        gap: 6px;
        padding: 10px 16px;
        border-bottom: 1px solid var(--line);
        background: var(--ground);
      }
      .menu .button {
        min-height: 30px;
        padding: 2px 9px;
        font-size: 14px;
      }
    `,
  ];

  protected override render() {
    return html`<div class="menu" role="group" aria-label=${this.label}>
      ${this.sections.map(
        (section) => html`<button
          class="button"
          aria-pressed=${section === this.current}
          @click=${() => this.emit("view-change", { section })}
        >
          ${tCode("section", section)}
        </button>`,
      )}
    </div>`;
  }
}
