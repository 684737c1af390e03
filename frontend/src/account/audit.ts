import { html, nothing } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import { type AuditRow, accountApi } from "../api/account.ts";
import type { Municipality } from "../api/types.ts";
import { labelOf, language, t, tCode } from "../text/index.ts";
import { Asked, Done } from "../ui/asked.ts";
import { controls } from "../ui/controls.ts";
import { KkElement } from "../ui/element.ts";
import { accountStyle } from "./account.css.ts";

const PAGE = 50;

/** What was done with accounts, rights and files, newest first. */
@customElement("kk-audit")
export class KkAudit extends KkElement {
  @property({ attribute: false }) municipalities: readonly Municipality[] = [];
  @state() private isAll = false;
  readonly #rows = new Asked(this, (signal) => accountApi.audit(null, signal));
  readonly #doing = new Done(this);

  static override styles = [controls, accountStyle];

  override connectedCallback(): void {
    super.connectedCallback();
    void this.#rows.anew();
  }

  #more(rows: AuditRow[]): void {
    void this.#doing.run(async () => {
      const more = await accountApi.audit(rows.at(-1)!.id);
      this.isAll = more.length < PAGE;
      this.#rows.put([...rows, ...more]);
    });
  }

  #where(row: AuditRow): string {
    const town = this.municipalities.find((one) => one.nis_code === row.nis_code);
    const subject = row.subject ? tCode("share_subject", row.subject) : "";
    return [town ? labelOf(town, "name") : row.nis_code, subject, row.about].filter(Boolean).join(" · ");
  }

  protected override render() {
    const at = new Intl.DateTimeFormat(language(), { dateStyle: "short", timeStyle: "short" });
    return html`<p class="small">${t("audit.explain")}</p>
      ${this.#rows.draw(
        (
          rows,
        ) => html`<table><thead><tr><th scope="col">${t("audit.when")}</th><th scope="col">${t("audit.who")}</th>
          <th scope="col">${t("audit.what")}</th><th scope="col">${t("audit.about")}</th></tr></thead>
        <tbody>${rows.map(
          (row) =>
            html`<tr><td class="num">${at.format(new Date(row.at))}</td><td>${row.account_name}</td>
            <td>${tCode("audit_action", row.action)}</td><td>${this.#where(row)}</td></tr>`,
        )}</tbody></table>
        ${this.#doing.draw()}
        ${
          rows.length < PAGE || this.isAll
            ? nothing
            : html`<button class="button" ?disabled=${this.#doing.isBusy} @click=${() => this.#more(rows)}>${t("audit.more")}</button>`
        }`,
      )}`;
  }
}
