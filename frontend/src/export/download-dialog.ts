import { html, nothing, type PropertyValues } from "lit";
import { customElement, property, query, state } from "lit/decorators.js";
import { apiUrl, type Query } from "../api/client.ts";
import {
  type DownloadAbout,
  type DownloadLayer,
  type DownloadLayers,
  downloadsApi,
} from "../api/downloads.ts";
import { number } from "../text/format.ts";
import { language, t, tCode } from "../text/index.ts";
import { controls } from "../ui/controls.ts";
import { dialogStyle } from "../ui/dialog.css.ts";
import { KkElement } from "../ui/element.ts";
import { icon } from "../ui/icons.ts";
import { IDLE, type Loadable, load, ready } from "../ui/loadable.ts";
import { downloadStyles } from "./download.css.ts";
import { asked, isFiltered } from "./download-asked.ts";

/** Take home any layer or result: which, of which rows, as what, in which coordinates; and how much that is. */
@customElement("kk-download")
export class KkDownload extends KkElement {
  @property() municipality = "";
  /** What the list of units is filtered by. */
  @property({ attribute: false }) filters: Query = {};
  /** West, south, east and north of what the map shows. */
  @property({ attribute: false }) box: (() => readonly number[] | null) | null = null;
  @state() private layers: Loadable<DownloadLayers> = IDLE;
  @state() private about: Loadable<DownloadAbout> = IDLE;
  @state() private layer = "shop-units";
  @state() private format = "gpkg";
  @state() private crs = 0;
  @state() private onlyListed = true;
  @state() private onlyShown = false;
  @state() private shown: readonly number[] | null = null;
  @state() private isOpen = false;
  @query("dialog") private dialog!: HTMLDialogElement | null;
  #stop = new AbortController();

  static override styles = [controls, dialogStyle, downloadStyles];

  async show(layer = this.layer): Promise<void> {
    this.layer = layer;
    this.isOpen = true;
    this.shown = this.box?.() ?? null;
    await this.updateComplete;
    if (!this.dialog?.open) this.dialog?.showModal();
    await this.#list();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#stop.abort();
  }

  async #list(): Promise<void> {
    const wanted = `${this.municipality} ${language()}`;
    if (this.#listedFor === wanted && this.layers.status === "ready") return this.#count();
    this.#listedFor = wanted;
    await load(
      () => downloadsApi.layers(this.municipality, language()),
      (value) => {
        this.layers = value;
      },
    );
    const known = ready(this.layers);
    if (known && !known.crs.includes(this.crs)) this.crs = known.crs[0] ?? 4326;
    return this.#count();
  }
  #listedFor = "";

  #chosen(): DownloadLayer | undefined {
    return ready(this.layers)?.items.find((item) => item.name === this.layer);
  }

  #query(): Query {
    return asked({
      municipality: this.municipality,
      filters: this.filters,
      box: this.shown,
      layer: this.#chosen(),
      onlyListed: this.onlyListed,
      onlyShown: this.onlyShown,
    });
  }

  async #count(): Promise<void> {
    this.#stop.abort();
    this.#stop = new AbortController();
    const { signal } = this.#stop;
    await load(
      () => downloadsApi.about(this.layer, this.#query(), signal),
      (value) => {
        this.about = value;
      },
      signal,
    );
  }

  protected override updated(changed: PropertyValues): void {
    const questions = ["layer", "onlyListed", "onlyShown"] as const;
    if (this.isOpen && ready(this.layers) && questions.some((name) => changed.has(name as PropertyKey)))
      void this.#count();
  }

  #choices(known: DownloadLayers) {
    const items = [...known.items].sort((a, b) => a.title.localeCompare(b.title, language()));
    return html`<label class="ask"><span>${t("download.layer")}</span>
        <select
          @change=${(event: Event) => {
            this.layer = (event.target as HTMLSelectElement).value;
          }}
        >
          ${items.map((item) => html`<option value=${item.name} .selected=${item.name === this.layer}>${item.title}</option>`)}
        </select></label
      >
      ${this.#limits()}
      <fieldset>
        <legend>${t("download.format")}</legend>
        <div class="formats">
          ${known.formats.map(
            (format) => html`<label class="format"
              ><input
                type="radio"
                name="format"
                value=${format}
                .checked=${format === this.format}
                @change=${() => {
                  this.format = format;
                }}
              /><span><strong>${tCode("download_format", format)}</strong><span class="small muted">${tCode("download_for", format)}</span></span></label
            >`,
          )}
        </div>
      </fieldset>
      <label class="ask"><span>${t("download.crs")}</span>
        <select
          @change=${(event: Event) => {
            this.crs = Number((event.target as HTMLSelectElement).value);
          }}
        >
          ${known.crs.map((code) => html`<option value=${code} .selected=${code === this.crs}>${tCode("download_crs", String(code))}</option>`)}
        </select></label
      >`;
  }

  #limits() {
    const listed = this.#chosen()?.filters_units && isFiltered(this.filters);
    if (!listed && !this.shown) return nothing;
    return html`<fieldset>
      <legend>${t("download.rows")}</legend>
      ${
        listed
          ? this.#check("download.only_listed", this.onlyListed, (on) => {
              this.onlyListed = on;
            })
          : nothing
      }
      ${
        this.shown
          ? this.#check("download.only_shown", this.onlyShown, (on) => {
              this.onlyShown = on;
            })
          : nothing
      }
    </fieldset>`;
  }

  #check(words: "download.only_listed" | "download.only_shown", on: boolean, set: (on: boolean) => void) {
    return html`<label class="check"
      ><input type="checkbox" .checked=${on} @change=${(event: Event) => set((event.target as HTMLInputElement).checked)} />${t(words)}</label
    >`;
  }

  #told() {
    const { about } = this;
    if (about.status === "error")
      return html`<kk-error .error=${about.error} @retry=${() => this.#count()}></kk-error>`;
    if (about.status !== "ready")
      return html`<div class="skeleton" style="height:44px" role="status" aria-label=${t("loading")}></div>`;
    const { rows, left_out, sources } = about.value;
    const owed = [...new Set(sources.map((source) => source.attribution ?? source.name))];
    return html`<p class="count" role="status">
        ${rows === 0 ? t("download.none") : rows === 1 ? t("download.one") : t("download.count", { rows: number(rows) })}
        ${left_out ? html`<span class="left">${t("download.left_out", { rows: number(left_out) })}</span>` : nothing}
      </p>
      ${owed.length ? html`<p class="small muted">${t("download.owed", { names: owed.join("; ") })}</p>` : nothing}`;
  }

  #take() {
    const about = ready(this.about);
    const file = apiUrl(`exports/layers/${this.layer}/file`, {
      ...this.#query(),
      format: this.format,
      crs: this.crs,
      lang: language(),
    });
    if (!about?.rows)
      return html`<button class="button primary" disabled>${icon("download")} ${t("download.take")}</button>`;
    return html`<a class="button primary" href=${file} download>${icon("download")} ${t("download.take")}</a>`;
  }

  #content() {
    const { layers } = this;
    if (layers.status === "error")
      return html`<kk-error .error=${layers.error} @retry=${() => this.#list()}></kk-error>`;
    if (layers.status !== "ready")
      return html`<div class="skeleton" style="height:260px" role="status" aria-label=${t("loading")}></div>`;
    return html`${this.#choices(layers.value)}
      <div class="result">${this.#told()}</div>
      <div class="foot">
        ${this.#take()}
        <p class="small muted">
          ${t("download.readme")} <a href="api/ogc?f=html&lang=${language()}" target="_blank" rel="noopener">${t("download.service")}</a>
        </p>
      </div>`;
  }

  protected override render() {
    return html`<dialog
      aria-labelledby="title"
      @close=${() => {
        this.isOpen = false;
      }}
    >
      <div class="head">
        <h2 id="title">${t("download.title")}</h2>
        <button class="quiet square" aria-label=${t("close")} @click=${() => this.dialog?.close()}>${icon("close", 20)}</button>
      </div>
      ${this.isOpen ? this.#content() : nothing}
    </dialog>`;
  }
}
