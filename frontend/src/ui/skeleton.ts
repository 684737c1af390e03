import { css, html } from "lit";
import { customElement, property } from "lit/decorators.js";
import { t } from "../text/index.ts";
import { controls } from "./controls.ts";
import { KkElement } from "./element.ts";

/** Pale rows where a list will come. */
@customElement("kk-skeleton-rows")
export class KkSkeletonRows extends KkElement {
  @property({ type: Number }) count = 8;

  static override styles = [
    controls,
    css`
      .row {
        display: grid;
        grid-template-columns: 30px 1fr 48px;
        gap: 7px 16px;
        padding: 14px 16px 14px 20px;
        border-bottom: 1px solid var(--line);
      }
      .skeleton {
        height: 14px;
      }
      .first {
        width: 62%;
      }
      .second {
        grid-column: 2;
        width: 80%;
        height: 11px;
      }
    `,
  ];

  protected override render() {
    return html`<div role="status" aria-label=${t("loading")}>
      ${Array.from(
        { length: this.count },
        () => html`<div class="row">
          <div class="skeleton"></div>
          <div class="skeleton first"></div>
          <div class="skeleton"></div>
          <div class="skeleton second"></div>
        </div>`,
      )}
    </div>`;
  }
}
