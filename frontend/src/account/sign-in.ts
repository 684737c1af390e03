import { html, nothing } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import { accountApi, type WelcomeFor } from "../api/account.ts";
import { ApiError } from "../api/client.ts";
import { t } from "../text/index.ts";
import { Done } from "../ui/asked.ts";
import { controls } from "../ui/controls.ts";
import { KkElement } from "../ui/element.ts";
import { accountStyle } from "./account.css.ts";

/** Signing in, or choosing a password with a link; says `signed-in` when it went well. */
@customElement("kk-sign-in")
export class KkSignIn extends KkElement {
  /** Secret of a link, where one was opened. */
  @property() secret = "";
  @property() provider: string | null = null;
  @property({ type: Boolean }) isFirst = false;
  @state() private link: WelcomeFor | null = null;
  @state() private isCodeWanted = false;
  readonly #doing = new Done(this);

  static override styles = [controls, accountStyle];

  protected override willUpdate(changed: Map<string, unknown>): void {
    if (!changed.has("secret") || !this.secret) return;
    void this.#doing.run(async () => {
      this.link = await accountApi.welcomeFor(this.secret);
    });
  }

  override focus(): void {
    this.renderRoot.querySelector<HTMLElement>("input")?.focus();
  }

  async #signIn(event: SubmitEvent): Promise<void> {
    event.preventDefault();
    const given = new FormData(event.target as HTMLFormElement);
    const text = (name: string) => String(given.get(name) ?? "").trim();
    let isCodeWanted = false;
    const isWell = await this.#doing.run(async () => {
      try {
        const code = this.isCodeWanted ? text("code") : null;
        await accountApi.signIn({ login: text("login"), password: String(given.get("password")), code });
      } catch (error) {
        isCodeWanted = error instanceof ApiError && error.code === "code_wanted";
        if (!isCodeWanted || this.isCodeWanted) throw error;
      }
    });
    if (isCodeWanted) {
      this.isCodeWanted = true;
      await this.updateComplete;
      this.renderRoot.querySelector<HTMLElement>("[name=code]")?.focus();
    } else if (isWell) this.emit("signed-in");
  }

  async #welcome(event: SubmitEvent): Promise<void> {
    event.preventDefault();
    const given = new FormData(event.target as HTMLFormElement);
    const isFirst = this.link?.purpose === "first";
    const isWell = await this.#doing.run(() =>
      accountApi.welcome({
        secret: this.secret,
        password: String(given.get("password")),
        ...(isFirst && {
          login: String(given.get("login")).trim(),
          display_name: String(given.get("name")).trim(),
        }),
      }),
    );
    if (isWell) this.emit("signed-in");
  }

  #login(value = "", isFixed = false) {
    return html`<label>${t("account.login")}
      <input class="field" name="login" required maxlength="120" autocomplete="username" autocapitalize="none"
        spellcheck="false" .value=${value} ?readonly=${isFixed} /></label>`;
  }

  #choosing(link: WelcomeFor) {
    const isFirst = link.purpose === "first";
    return html`<form @submit=${this.#welcome}>
      <p>${t(isFirst ? "account.welcome_first" : "account.welcome", { name: link.display_name ?? "" })}</p>
      ${this.#login(link.login ?? "", !isFirst)}
      ${isFirst ? html`<label>${t("account.name")}<input class="field" name="name" required maxlength="40" pattern=".*\\S.*" autocomplete="name" /></label>` : nothing}
      <label>${t("account.new_password")}
        <input class="field" name="password" type="password" required minlength="12" autocomplete="new-password" aria-describedby="rule" /></label>
      <p id="rule" class="small muted">${t("account.password_rule")}</p>
      ${this.#doing.draw()}
      <button class="button primary" ?disabled=${this.#doing.isBusy}>${t("account.choose")}</button>
    </form>`;
  }

  protected override render() {
    if (this.secret && this.link) return this.#choosing(this.link);
    return html`<form @submit=${this.#signIn}>
      ${this.isFirst ? html`<p>${t("account.none_yet")}</p>` : nothing}
      ${this.#login()}
      <label>${t("account.password")}
        <input class="field" name="password" type="password" required autocomplete="current-password" /></label>
      ${
        this.isCodeWanted
          ? html`<label>${t("account.code")}
            <input class="field" name="code" required inputmode="numeric" maxlength="8" autocomplete="one-time-code" /></label>`
          : nothing
      }
      ${this.#doing.draw()}
      <div class="bar">
        <button class="button primary" ?disabled=${this.#doing.isBusy}>${t("account.sign_in")}</button>
        ${this.provider ? html`<a class="button" href=${accountApi.providerUrl()}>${t("account.sign_in_with", { provider: this.provider })}</a>` : nothing}
      </div>
      <p class="small muted">${t("account.forgotten")}</p>
    </form>`;
  }
}
