import { css, html, nothing } from "lit";
import { customElement, property, query, state } from "lit/decorators.js";
import { accountApi, type Me } from "../api/account.ts";
import type { Municipality } from "../api/types.ts";
import { t, tCode } from "../text/index.ts";
import { controls } from "../ui/controls.ts";
import { dialogStyle } from "../ui/dialog.css.ts";
import { KkElement } from "../ui/element.ts";
import { icon } from "../ui/icons.ts";
import { accountStyle } from "./account.css.ts";
import "./audit.ts";
import "./manage.ts";
import "./own.ts";
import "./sharing.ts";
import "./sign-in.ts";

type Page = "own" | "accounts" | "sharing" | "audit";
const WELCOME = /^#welcome=([\w-]+)$/;

/** The dialog of accounts: signing in, one's own account, and what an administrator does. */
@customElement("kk-account")
export class KkAccount extends KkElement {
  @property({ attribute: false }) municipalities: readonly Municipality[] = [];
  @property() current: string | null = null;
  @property({ attribute: false }) me: Me | null = null;
  @state() private page: Page = "own";
  @state() private isOpen = false;
  @state() private secret = "";
  @query("dialog") private dialog!: HTMLDialogElement | null;

  static override styles = [
    controls,
    dialogStyle,
    accountStyle,
    css`
      dialog {
        width: min(760px, calc(100vw - 24px));
        max-height: min(88vh, 860px);
      }
      dialog.narrow {
        width: min(440px, calc(100vw - 24px));
      }
      .menu {
        margin-bottom: 14px;
      }
    `,
  ];

  override connectedCallback(): void {
    super.connectedCallback();
    void this.#whoAmI();
    const found = WELCOME.exec(location.hash);
    if (!found) return;
    this.secret = found[1]!;
    // A secret does not belong in the history of a browser.
    history.replaceState(null, "", location.pathname);
    void this.updateComplete.then(() => this.show());
  }

  async #whoAmI(): Promise<void> {
    try {
      this.emit("me-known", { me: await accountApi.me() });
    } catch {
      // Without an answer nobody is signed in: what is asked next says what is wrong.
    }
  }

  show(): void {
    this.isOpen = true;
    this.dialog?.showModal();
    void this.updateComplete.then(() => this.renderRoot.querySelector<HTMLElement>("kk-sign-in")?.focus());
  }

  #pages(): Page[] {
    const manages = this.me?.rights.accounts.change.length;
    return manages
      ? ["own", "accounts", "sharing", "audit"]
      : ["own", ...(this.current ? ["sharing" as const] : [])];
  }

  #page(me: Me) {
    const managed = me.rights.accounts.change;
    const isOfAll = me.memberships.some((one) => one.role === "administrator" && one.nis_code === null);
    switch (this.page) {
      case "accounts":
        return html`<kk-accounts .municipalities=${this.municipalities} .managed=${managed} ?isOfAll=${isOfAll}></kk-accounts>`;
      case "sharing":
        return html`<kk-share-levels .municipality=${this.current ?? ""} ?mayChange=${managed.includes(this.current ?? "")}></kk-share-levels>`;
      case "audit":
        return html`<kk-audit .municipalities=${this.municipalities}></kk-audit>`;
      default:
        return html`<kk-own-account .me=${me} @me-changed=${() => void this.#whoAmI()}></kk-own-account>`;
    }
  }

  async #signOut(): Promise<void> {
    await accountApi.signOut();
    location.reload();
  }

  #signedIn(me: Me) {
    const roles = me.memberships.map(({ role }) => tCode("account_role", role));
    return html`<div class="head"><div><h2 id="title">${me.display_name}</h2>
        <p class="small muted">${[me.login, ...new Set(roles)].join(" · ")}</p></div>
        <div class="bar"><button class="button" @click=${() => void this.#signOut()}>${t("account.sign_out")}</button>${this.#closer()}</div></div>
      <div class="menu bar" role="group" aria-label=${t("account.menu")}>${this.#pages().map(
        (page) =>
          html`<button class="button" aria-pressed=${page === this.page} @click=${() => {
            this.page = page;
          }}>${tCode("account_page", page)}</button>`,
      )}</div>
      ${this.#page(me)}`;
  }

  #closer() {
    return html`<button class="quiet square" aria-label=${t("close")} @click=${() => this.dialog?.close()}>${icon("close", 20)}</button>`;
  }

  protected override render() {
    const { me } = this;
    const isIn = me?.account_id != null && !this.secret;
    return html`<dialog class=${isIn ? "" : "narrow"} aria-labelledby="title" @close=${() => {
      this.isOpen = false;
    }}>
      ${
        !this.isOpen
          ? nothing
          : isIn
            ? this.#signedIn(me)
            : html`<div class="head"><h2 id="title">${t(this.secret ? "account.welcome_title" : "account.sign_in")}</h2>${this.#closer()}</div>
            <kk-sign-in .secret=${this.secret} .provider=${me?.provider ?? null} ?isFirst=${me?.has_administrator === false}
              @signed-in=${() => location.reload()}></kk-sign-in>`
      }
    </dialog>`;
  }
}
