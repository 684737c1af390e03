import { html, nothing } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import { unsafeHTML } from "lit/directives/unsafe-html.js";
import { accountApi, type Me } from "../api/account.ts";
import { shortDate } from "../text/format.ts";
import { t, tCode } from "../text/index.ts";
import { Asked, Done } from "../ui/asked.ts";
import { controls } from "../ui/controls.ts";
import { KkElement } from "../ui/element.ts";
import { accountStyle } from "./account.css.ts";

const SCOPES = ["read", "write", "push"] as const;

/** One's own account: roles, password, one-time codes, browsers that are signed in, tokens for programs. */
@customElement("kk-own-account")
export class KkOwnAccount extends KkElement {
  @property({ attribute: false }) me: Me | null = null;
  @state() private said = "";
  @state() private totp: { secret: string; qr_svg: string } | null = null;
  @state() private secret: string | null = null;
  readonly #sessions = new Asked(this, (signal) => accountApi.sessions(signal));
  readonly #tokens = new Asked(this, (signal) => accountApi.tokens(signal));
  readonly #doing = new Done(this);

  static override styles = [controls, accountStyle];

  override connectedCallback(): void {
    super.connectedCallback();
    void this.#sessions.anew();
    void this.#tokens.anew();
  }

  async #act(work: () => Promise<unknown>, said: string): Promise<boolean> {
    this.said = "";
    const isWell = await this.#doing.run(async () => {
      await work();
    });
    if (isWell) this.said = said;
    return isWell;
  }

  async #changePassword(event: SubmitEvent): Promise<void> {
    event.preventDefault();
    const form = event.target as HTMLFormElement;
    const given = new FormData(form);
    const body = { old: String(given.get("old")), new: String(given.get("new")) };
    if (await this.#act(() => accountApi.changePassword(body), t("account.password_changed"))) form.reset();
    void this.#sessions.again();
  }

  async #codes(event: SubmitEvent): Promise<void> {
    event.preventDefault();
    const code = String(new FormData(event.target as HTMLFormElement).get("code"));
    const secret = this.totp?.secret ?? null;
    const said = t(secret ? "account.codes_on" : "account.codes_off");
    if (!(await this.#act(() => accountApi.keepTotp({ code, secret }), said))) return;
    this.totp = null;
    this.emit("me-changed");
  }

  async #addToken(event: SubmitEvent): Promise<void> {
    event.preventDefault();
    const form = event.target as HTMLFormElement;
    const given = new FormData(form);
    const body = {
      name: String(given.get("name")).trim(),
      scope: String(given.get("scope")),
      days: Number(given.get("days")),
    };
    const work = async () => {
      this.secret = (await accountApi.addToken(body)).secret;
    };
    if (await this.#act(work, t("account.token_made"))) form.reset();
    void this.#tokens.again();
  }

  #password() {
    return html`<section><h3>${t("account.change_password")}</h3><form @submit=${this.#changePassword}>
      <input class="visually-hidden" name="username" autocomplete="username" tabindex="-1" aria-hidden="true" .value=${this.me?.login ?? ""} />
      <label>${t("account.old_password")}<input class="field" type="password" name="old" required autocomplete="current-password" /></label>
      <label>${t("account.new_password")}<input class="field" type="password" name="new" required minlength="12" autocomplete="new-password" /></label>
      <p class="small muted">${t("account.password_rule")}</p>
      <button class="button" ?disabled=${this.#doing.isBusy}>${t("account.change_password")}</button></form></section>`;
  }

  #code() {
    return html`<label>${t("account.code")}<input class="field" name="code" required inputmode="numeric" maxlength="8" autocomplete="one-time-code" /></label>`;
  }

  #codesSection() {
    const { me, totp } = this;
    return html`<section><h3>${t("account.codes")}</h3>
      <p class="small">${t(me?.has_totp ? "account.codes_are_on" : "account.codes_why")}</p>
      ${
        totp
          ? html`<form @submit=${this.#codes}>
            <p class="small">${t("account.codes_scan")}</p>${unsafeHTML(totp.qr_svg)}
            <p class="small">${t("account.codes_type")} <span class="secret">${totp.secret}</span></p>
            ${this.#code()}<button class="button primary">${t("account.codes_confirm")}</button></form>`
          : me?.has_totp
            ? html`<form @submit=${this.#codes}>${this.#code()}<button class="button">${t("account.codes_stop")}</button></form>`
            : html`<button class="button" @click=${() =>
                void this.#act(async () => {
                  this.totp = await accountApi.startTotp();
                }, "")}>${t("account.codes_begin")}</button>`
      }</section>`;
  }

  #browsers() {
    return html`<section><h3>${t("account.sessions")}</h3>
      ${this.#sessions.draw(
        (items) =>
          html`<ul class="rows">${items.map(
            (one) => html`<li><div>${one.device || t("unknown")}
            <div class="small muted">${one.address} · ${t("account.seen", { day: shortDate(one.seen_at) })}</div></div>
            ${
              one.is_this
                ? html`<span class="badge">${t("account.this_browser")}</span>`
                : html`<button class="button" @click=${async () => {
                    await this.#act(() => accountApi.endSession(one.id), t("account.session_ended"));
                    void this.#sessions.again();
                  }}>${t("account.sign_out_there")}</button>`
            }</li>`,
          )}</ul>`,
      )}</section>`;
  }

  #tokensSection() {
    return html`<section><h3>${t("account.tokens")}</h3><p class="small">${t("account.tokens_why")}</p>
      ${
        this.secret
          ? html`<div class="once" role="status"><p>${t("account.token_once")}</p><code class="secret">${this.secret}</code></div>`
          : nothing
      }
      ${this.#tokens.draw((items) =>
        items.length
          ? html`<ul class="rows">${items.map(
              (
                one,
              ) => html`<li><div>${one.name}<div class="small muted">${tCode("account_scope", one.scope)} ·
                ${t("account.until", { day: shortDate(one.expires_at) })} ·
                ${one.used_at ? t("account.used", { day: shortDate(one.used_at) }) : t("account.never_used")}</div></div>
                <button class="button" @click=${async () => {
                  await this.#act(() => accountApi.endToken(one.id), t("account.token_ended"));
                  void this.#tokens.again();
                }}>${t("account.token_end")}</button></li>`,
            )}</ul>`
          : html`<p class="small muted">${t("account.no_tokens")}</p>`,
      )}
      <form @submit=${this.#addToken}>
        <label>${t("account.token_name")}<input class="field" name="name" required maxlength="60" pattern=".*\\S.*" /></label>
        <label>${t("account.token_scope")}<select class="field" name="scope">${SCOPES.map((scope) => html`<option value=${scope}>${tCode("account_scope", scope)}</option>`)}</select></label>
        <label>${t("account.token_days")}<input class="field" type="number" name="days" min="1" max="366" value="90" required /></label>
        <button class="button">${t("account.token_add")}</button></form></section>`;
  }

  protected override render() {
    const { me } = this;
    if (!me) return nothing;
    return html`<div role="status">${this.said ? html`<p class="badge">${this.said}</p>` : nothing}</div>
      ${this.#doing.draw()}
      ${me.has_password ? html`${this.#password()}${this.#codesSection()}` : nothing}
      ${this.#browsers()}${this.#tokensSection()}`;
  }
}
