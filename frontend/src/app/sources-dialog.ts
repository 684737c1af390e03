import { css, html, nothing } from "lit";
import { customElement, query, state } from "lit/decorators.js";
import { api } from "../api/client.ts";
import type { About } from "../api/types.ts";
import { shortDate } from "../text/format.ts";
import { t } from "../text/index.ts";
import { controls } from "../ui/controls.ts";
import { dialogStyle } from "../ui/dialog.css.ts";
import { KkElement } from "../ui/element.ts";
import { icon } from "../ui/icons.ts";
import { IDLE, LOADING, type Loadable } from "../ui/loadable.ts";

/** Where the data come from and under which licence. */
@customElement("kk-sources")
export class KkSources extends KkElement {
  @state() private about: Loadable<About> = IDLE;
  @query("dialog") private dialog!: HTMLDialogElement | null;

  static override styles = [
    controls,
    dialogStyle,
    css`
      dialog {
        width: min(620px, calc(100vw - 24px));
        max-height: min(80vh, 700px);
      }
      .scroll {
        overflow-x: auto;
      }
      table {
        width: 100%;
        border-collapse: collapse;
        font-size: 14px;
      }
      th,
      td {
        padding: 6px 12px 6px 0;
        border-bottom: 1px solid var(--line);
        text-align: left;
        vertical-align: top;
      }
    `,
  ];

  async show(): Promise<void> {
    this.dialog?.showModal();
    if (this.about.status === "ready") return;
    this.about = LOADING;
    try {
      this.about = { status: "ready", value: await api.about() };
    } catch (error) {
      this.about = { status: "error", error };
    }
  }

  #content() {
    const { about } = this;
    if (about.status === "error")
      return html`<kk-error .error=${about.error} @retry=${() => this.show()}></kk-error>`;
    if (about.status !== "ready")
      return html`<div class="skeleton" style="height:120px" role="status" aria-label=${t("loading")}></div>`;
    const { attribution, version } = about.value;
    return html`${
      attribution.length
        ? html`<div class="scroll" tabindex="0" role="region" aria-label=${t("sources.title")}><table>
            <thead>
              <tr>
                <th scope="col">${t("sources.dataset")}</th>
                <th scope="col">${t("sources.licence")}</th>
                <th scope="col">${t("sources.vintage")}</th>
              </tr>
            </thead>
            <tbody>
              ${attribution.map(
                (item) => html`<tr>
                  <td>
                    ${item.dataset}
                    ${item.attribution && item.attribution !== item.dataset ? html`<div class="small muted">${item.attribution}</div>` : nothing}
                  </td>
                  <td>${item.licence ?? t("unknown")}</td>
                  <td class="num">${item.vintage_on ? shortDate(item.vintage_on) : "–"}</td>
                </tr>`,
              )}
            </tbody>
          </table></div>`
        : html`<p>${t("sources.none")}</p>`
    }
      <p class="small muted" style="margin-top:12px">Kernkaart ${version} · EUPL-1.2</p>`;
  }

  protected override render() {
    return html`<dialog aria-labelledby="title">
      <div class="head">
        <h2 id="title">${t("sources.title")}</h2>
        <button class="quiet square" aria-label=${t("close")} @click=${() => this.dialog?.close()}>${icon("close", 20)}</button>
      </div>
      ${this.#content()}
    </dialog>`;
  }
}
