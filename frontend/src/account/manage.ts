import { html, nothing } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import {
  type Account,
  type AccountRole,
  accountApi,
  type DatabaseLogin,
  ROLES,
  type RoleSomewhere,
} from "../api/account.ts";
import type { Municipality } from "../api/types.ts";
import { shortDate } from "../text/format.ts";
import { labelOf, t, tCode } from "../text/index.ts";
import { Asked, Done } from "../ui/asked.ts";
import { controls } from "../ui/controls.ts";
import { KkElement } from "../ui/element.ts";
import { accountStyle } from "./account.css.ts";

type Once =
  | { kind: "link"; name: string; text: string }
  | { kind: "login"; name: string; text: string; hasCertificate: boolean };

/** Accounts of others: who works where in which role, and how they come in. */
@customElement("kk-accounts")
export class KkAccounts extends KkElement {
  @property({ attribute: false }) municipalities: readonly Municipality[] = [];
  /** NIS codes where whoever looks manages accounts. */
  @property({ attribute: false }) managed: readonly string[] = [];
  @property({ type: Boolean }) isOfAll = false;
  @state() private editing: number | "new" | null = null;
  @state() private roles: RoleSomewhere[] = [];
  @state() private once: Once | null = null;
  readonly #list = new Asked(this, (signal) => accountApi.accounts(signal));
  readonly #doing = new Done(this);

  static override styles = [controls, accountStyle];

  override connectedCallback(): void {
    super.connectedCallback();
    void this.#list.anew();
  }

  async #act(work: () => Promise<unknown>): Promise<void> {
    this.once = null;
    await this.#doing.run(work);
    await this.#list.again();
  }

  #edit(account: Account | null): void {
    this.editing = account?.id ?? "new";
    const first: RoleSomewhere = { role: "officer", nis_code: this.managed[0] ?? null };
    this.roles = account ? account.memberships.map((one) => ({ ...one })) : [first];
    this.#doing.forget();
    void this.updateComplete.then(() => this.renderRoot.querySelector<HTMLElement>("form input")?.focus());
  }

  async #save(event: SubmitEvent): Promise<void> {
    event.preventDefault();
    const given = new FormData(event.target as HTMLFormElement);
    const text = (name: string) => String(given.get(name) ?? "").trim();
    const body = { display_name: text("name"), is_desk: given.has("desk"), memberships: this.roles };
    const { editing } = this;
    await this.#act(async () => {
      if (editing === "new") {
        const made = await accountApi.addAccount({ ...body, login: text("login") });
        await this.#link(made);
      } else if (editing) await accountApi.changeAccount(editing, body);
      this.editing = null;
    });
  }

  async #link(account: Account): Promise<void> {
    const { secret } = await accountApi.addLink(account.id);
    const address = `${location.origin}${location.pathname}#welcome=${secret}`;
    this.once = { kind: "link", name: account.display_name, text: address };
  }

  async #login(account: Account): Promise<void> {
    const given: DatabaseLogin = await accountApi.giveDatabaseLogin(account.id);
    const { service: text, needs_certificate: hasCertificate } = given;
    this.once = { kind: "login", name: account.display_name, text, hasCertificate };
  }

  #town(nis: string | null): string {
    if (nis === null) return t("account.everywhere");
    const found = this.municipalities.find((one) => one.nis_code === nis);
    return found ? labelOf(found, "name") : nis;
  }

  #roleRow(one: RoleSomewhere, index: number) {
    const change = (patch: Partial<RoleSomewhere>) => {
      this.roles = this.roles.map((each, i) => (i === index ? { ...each, ...patch } : each));
    };
    const towns = this.municipalities.filter((town) => this.managed.includes(town.nis_code));
    return html`<div class="bar">
      <select class="field" aria-label=${t("account.role")} @change=${(event: Event) => {
        const role = (event.target as HTMLSelectElement).value as AccountRole;
        change({ role, ...(role === "coordinator" && { nis_code: null }) });
      }}>${ROLES.map((role) => html`<option value=${role} .selected=${role === one.role}>${tCode("account_role", role)}</option>`)}</select>
      <select class="field" aria-label=${t("header.municipality")} ?disabled=${one.role === "coordinator"} @change=${(
        event: Event,
      ) => change({ nis_code: (event.target as HTMLSelectElement).value || null })}>
        ${this.isOfAll ? html`<option value="" .selected=${one.nis_code === null}>${t("account.everywhere")}</option>` : nothing}
        ${towns.map((town) => html`<option value=${town.nis_code} .selected=${town.nis_code === one.nis_code}>${labelOf(town, "name")}</option>`)}</select>
      <button type="button" class="quiet" ?disabled=${this.roles.length === 1} @click=${() => {
        this.roles = this.roles.filter((_, i) => i !== index);
      }}>${t("account.role_remove")}</button></div>
      <p class="small muted">${tCode("account_role_means", one.role)}</p>`;
  }

  #form(account: Account | null) {
    return html`<form @submit=${this.#save}>
      ${account ? nothing : html`<label>${t("account.login")}<input class="field" name="login" required maxlength="120" pattern="\\S{2,}" autocomplete="off" autocapitalize="none" /></label>`}
      <label>${t("account.name")}<input class="field" name="name" required maxlength="40" pattern=".*\\S.*" autocomplete="off" .value=${account?.display_name ?? ""} /></label>
      <label class="check"><input type="checkbox" name="desk" .checked=${account?.is_desk ?? false} /> ${t("account.desk")}</label>
      ${this.roles.map((one, index) => this.#roleRow(one, index))}
      <button type="button" class="button" @click=${() => {
        this.roles = [...this.roles, { role: "viewer", nis_code: this.managed[0] ?? null }];
      }}>${t("account.role_add")}</button>
      ${this.#doing.draw()}
      <div class="bar"><button class="button primary" ?disabled=${this.#doing.isBusy}>${t(account ? "account.save" : "account.make")}</button>
        <button type="button" class="button" @click=${() => {
          this.editing = null;
        }}>${t("account.cancel")}</button></div></form>`;
  }

  #row(account: Account) {
    if (this.editing === account.id) return html`<li>${this.#form(account)}</li>`;
    const { is_active: isActive, may_manage: may } = account;
    const act = (text: string, work: () => Promise<unknown>) =>
      html`<button class="button" @click=${() => void this.#act(work)}>${text}</button>`;
    return html`<li><div><b>${account.display_name}</b> <span class="muted">${account.login}</span>
        ${isActive ? nothing : html`<span class="badge warn">${t("account.closed")}</span>`}
        ${account.is_desk ? html`<span class="badge">${t("account.is_desk")}</span>` : nothing}
        <div class="small">${account.memberships.map((one) => `${tCode("account_role", one.role)}, ${this.#town(one.nis_code)}`).join(" · ")}</div>
        <div class="small muted">${account.signed_in_at ? t("account.last", { day: shortDate(account.signed_in_at) }) : t("account.never")}
          ${account.database_login ? html` · ${t("account.has_login", { user: account.database_login })}` : nothing}</div></div>
      ${
        !may
          ? html`<span class="small muted">${t("account.not_yours")}</span>`
          : html`<div class="bar">
            ${
              isActive
                ? html`<button class="button" @click=${() => this.#edit(account)}>${t("account.edit")}</button>
              ${act(t(account.has_password ? "account.reset" : "account.invite"), () => this.#link(account))}
              ${account.database_login ? act(t("account.login_take"), () => accountApi.takeDatabaseLogin(account.id)) : act(t("account.login_give"), () => this.#login(account))}`
                : nothing
            }
            ${act(t(isActive ? "account.close" : "account.open"), () => accountApi.changeAccount(account.id, { is_active: !isActive }))}
          </div>`
      }</li>`;
  }

  #shownOnce(once: Once) {
    return html`<div class="once" role="status"><p>${t(once.kind === "link" ? "account.link_once" : "account.login_once", { name: once.name })}</p>
      <pre tabindex="0">${once.text}</pre>
      ${once.kind === "login" && once.hasCertificate ? html`<p>${t("account.certificate")} <a href="api/public/database.crt" download="root.crt">root.crt</a></p>` : nothing}
      <button class="button" @click=${() => void navigator.clipboard?.writeText(once.text)}>${t("account.copy")}</button></div>`;
  }

  protected override render() {
    return html`${this.once ? this.#shownOnce(this.once) : nothing}
      ${this.editing === null ? this.#doing.draw() : nothing}
      ${
        this.editing === "new"
          ? this.#form(null)
          : html`<div><button class="button primary" @click=${() => this.#edit(null)}>${t("account.new")}</button></div>`
      }
      ${this.#list.draw((items) => html`<ul class="rows">${items.map((one) => this.#row(one))}</ul>`)}`;
  }
}
