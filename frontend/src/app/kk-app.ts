import type { Map as LeafletMap } from "leaflet";
import { html, nothing, type PropertyValues } from "lit";
import { customElement, query, state } from "lit/decorators.js";
import type { KkAccount } from "../account/account-dialog.ts";
import type { Me } from "../api/account.ts";
import type { Municipality } from "../api/types.ts";
import type { Place } from "../catchment/question.ts";
import type { KkDownload } from "../export/download-dialog.ts";
import type { KkMap } from "../map/kk-map.ts";
import { PUBLIC_BASES } from "../map/public-bases.ts";
import { labelOf, t } from "../text/index.ts";
import { KkElement } from "../ui/element.ts";
import { ready } from "../ui/loadable.ts";
import { chooseCluster } from "./cluster-choice.ts";
import { dialogs } from "./dialogs.ts";
import { bindEvents } from "./events.ts";
import { Fitting } from "./fitting.ts";
import { Layers } from "./layers.ts";
import { openPlace, Picking, picked } from "./picking.ts";
import { Session } from "./session.ts";
import { dragSheet, nextSize, type SheetSize } from "./sheet.ts";
import type { KkSide } from "./side.ts";
import type { KkSources } from "./sources-dialog.ts";
import { stageOverlay } from "./stage-overlay.ts";
import type { KkUnitPanel } from "./unit-panel.ts";
import { START } from "./view.ts";

/** The page: header, map, list, panel, and how they speak to each other. */
@customElement("kk-app")
export class KkApp extends KkElement {
  readonly session = new Session();
  @state() private turn = 0;
  @state() private layersOpen = false;
  @state() private sheet: SheetSize = "half";
  @state() private tileError = false;
  @state() me: Me | null = null;
  @query("kk-map") readonly map!: KkMap | null;
  @query("kk-side") readonly side!: KkSide | null;
  @query("kk-unit-panel") readonly panel!: KkUnitPanel | null;
  @query("kk-account") readonly account!: KkAccount | null;
  @query("kk-sources") readonly sources!: KkSources | null;
  @query("kk-download") readonly downloads!: KkDownload | null;
  layers: Layers | null = null;
  readonly #picking = new Picking(this);
  readonly fitting = new Fitting(this);
  #panelUnit: number | null = null;

  // The map needs the page's style sheet, so the page itself has no shadow tree.
  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.session.addEventListener("change", () => {
      this.turn += 1;
    });
    bindEvents(this);
    this.session.start();
  }

  mapReady(map: LeafletMap): void {
    const { session } = this;
    this.layers = new Layers(map, {
      unit: (id) => this.selectUnit(id),
      hover: (index) => session.hover(index),
      covered: () => this.sheetHeight,
      pick: (lon, lat, unit) => picked(session, lon, lat, unit),
      cluster: (id) => chooseCluster(session, id),
      street: (id) => session.chooseStreet(id),
      case: (id) => session.change({ case: id }),
    });
    this.layers.update(session);
  }

  selectUnit(id: number | null): void {
    const { session } = this;
    session.change({ unit: id, ...(id === null && { catchment: null }) });
    if (id === null) {
      this.side?.focusList();
      return;
    }
    if (this.isNarrow && this.sheet === "peek") this.sheet = "half";
  }

  /** All about the catchment of a unit: in its own tab, which on a small screen lies where the unit was. */
  openCatchment(id: number, how: "only" | "add"): void {
    const { session } = this;
    const { catchment, question } = session.view;
    const place: Place = { kind: "unit", id };
    session.change({ tab: "catchment", unit: null, catchment: null });
    if (how === "only" && catchment) session.ask({ mode: catchment }, "replace");
    if (how === "only" || question.places.length) openPlace(session, place, how, "replace");
    void this.updateComplete.then(() => this.side?.focusTab());
  }

  toggleLayers(): void {
    this.layersOpen = !this.layersOpen;
    const selector = this.layersOpen ? "kk-layers-panel" : "kk-map-controls";
    void this.updateComplete.then(async () => {
      const element = this.querySelector<KkElement>(selector);
      await element?.updateComplete;
      element?.renderRoot.querySelector<HTMLElement>("button")?.focus();
    });
  }

  /** Close whatever lies on top, one thing at a time. */
  escape(): void {
    if (this.session.catchments.pick) this.session.pick(null);
    else if (this.layersOpen) this.toggleLayers();
    else if (this.side?.closeFilters()) return;
    else if (this.session.view.unit !== null) this.selectUnit(null);
  }

  /** After going to another municipality or back to the choice: what had the focus is gone. */
  focusHeading(): void {
    void this.updateComplete.then(async () => {
      const start = this.querySelector<KkElement>("kk-start");
      await start?.updateComplete;
      (start?.renderRoot ?? this).querySelector<HTMLElement>("h1")?.focus();
    });
  }

  setSheet(size: SheetSize): void {
    this.sheet = size;
  }
  setTileError(isError: boolean): void {
    this.tileError = isError;
  }
  /** Try the tiles again that failed, if any did. */
  retryTiles(): void {
    if (this.tileError) this.map?.retryTiles();
  }

  get isNarrow(): boolean {
    return matchMedia("(max-width: 899px)").matches;
  }

  get sheetHeight(): number {
    if (!this.isNarrow) return 0;
    return this.querySelector(".sheet")?.clientHeight ?? 0;
  }

  protected override updated(changed: PropertyValues): void {
    const { session } = this;
    const { view } = session;
    if (!changed.has("turn")) return;
    if (!view.municipality) this.layers = null;
    document.title = this.#title();
    if (view.map) this.map?.goTo(view.map);
    else this.fitting.once();
    this.layers?.update(session);
    this.#showUnit();
    this.#picking.update();
  }

  /** The municipality in view, as far as it is known. */
  get listed(): Municipality | null {
    const { loaded, municipalities, view } = this.session;
    const own = ready(loaded.municipality);
    return own ?? ready(municipalities)?.items.find((item) => item.nis_code === view.municipality) ?? null;
  }

  /** A newly opened unit is brought into view, and a reader is taken to its heading. */
  #showUnit(): void {
    const { session } = this;
    const { unit } = session.view;
    const i = session.selectedIndex;
    const { points } = session;
    if (unit === null) this.#panelUnit = null;
    if (unit === null || unit === this.#panelUnit || i === null || !points) return;
    this.#panelUnit = unit;
    if (!session.view.catchment) this.map?.show(points.lat[i]!, points.lon[i]!, this.sheetHeight);
    void this.panel?.updateComplete.then(() => this.panel?.focus());
  }

  #title(): string {
    const listed = this.listed;
    const unit = ready(this.session.unit);
    return [unit?.address, listed && labelOf(listed, "name"), "Kernkaart"].filter(Boolean).join(" · ");
  }

  #stage() {
    const { session } = this;
    const { view } = session;
    const verdict = ready(session.loaded.clusters)?.verdict;
    const source = view.base === "own" ? null : PUBLIC_BASES[view.base];
    return html`<div class="stage">
      <kk-map id="map" .base=${view.base} .parcels=${view.layers.includes("parcels")} .start=${view.map}></kk-map>
      <div class="stage-top">
        <kk-map-controls .layersOpen=${this.layersOpen}></kk-map-controls>
        ${
          this.layersOpen
            ? html`<kk-layers-panel
              .view=${view}
              .clusterMessage=${view.layers.includes("clusters") && verdict ? labelOf(verdict, "message") : ""}
            ></kk-layers-panel>`
            : nothing
        }
      </div>
      <div class="stage-bottom">
        <kk-legend .view=${view} .months=${session.months} ?folded=${this.layersOpen}></kk-legend>
        <p class="attribution">
          ${source ? html`<a href=${source.href} target="_blank" rel="noreferrer">${source.attribution}</a> · ` : nothing}
          <button class="link" @click=${() => void this.sources?.show()}>${t("sources.title")}</button>
        </p>
      </div>
      ${stageOverlay(session)}
      ${
        this.tileError && view.base === "own"
          ? html`<div class="stage-note" role="status">
            ${t("map.tile_error")}
            <button class="link" @click=${() => this.retryTiles()}>${t("error.retry")}</button>
          </div>`
          : nothing
      }
    </div>`;
  }

  #workspace() {
    const { session } = this;
    const hasUnit = session.view.unit !== null;
    const notFound =
      session.loaded.municipality.status === "error" ? session.loaded.municipality.error : null;
    const listed = this.listed;
    const heading = listed ? labelOf(listed, "name") : notFound ? "Kernkaart" : t("loading");
    return html`<main id="main" class="workspace ${hasUnit ? "with-unit" : ""}">
      <h1 class="visually-hidden" tabindex="-1">${heading}</h1>
      <div class="sheet" data-size=${this.sheet}>
        <button
          class="handle"
          aria-label=${t(this.sheet === "full" ? "sheet.smaller" : "sheet.larger")}
          aria-expanded=${this.sheet !== "peek"}
          @click=${() => {
            this.sheet = nextSize(this.sheet);
          }}
          @pointerdown=${(event: PointerEvent) =>
            dragSheet(event, this.querySelector(".sheet")!, (size) => {
              this.sheet = size;
            })}
        >
          <span></span>
        </button>
        <aside class="side" aria-label=${t("side.label")}>
          ${
            notFound
              ? html`<div class="pad">
                <kk-error .error=${notFound}></kk-error>
                <button class="link" @click=${() => session.change({ ...START, language: session.view.language })}>
                  ${t("error.back")}
                </button>
              </div>`
              : html`<kk-side id="list" .session=${session} .turn=${this.turn}></kk-side>`
          }
        </aside>
        ${
          hasUnit
            ? html`<aside class="detail" aria-label=${t("unit.title")}>
              <kk-unit-panel .session=${session} .turn=${this.turn}></kk-unit-panel>
            </aside>`
            : nothing
        }
      </div>
      ${this.#stage()}
    </main>`;
  }

  protected override render() {
    const { session } = this;
    const listed = this.listed;
    const items = ready(session.municipalities)?.items ?? (listed ? [listed] : []);
    return html`<header class="top">
        <a class="skip" href="#main" @click=${this.#skip}>${t("skip")}</a>
        <kk-header
          .municipalities=${items}
          .current=${session.view.municipality}
          .demo=${listed?.is_demo ?? false}
          .account=${this.me?.display_name ?? null}
        ></kk-header>
      </header>
      ${
        session.view.municipality
          ? this.#workspace()
          : html`<main id="main"><kk-start .municipalities=${session.municipalities}><kk-due-cases></kk-due-cases><kk-due-contacts></kk-due-contacts></kk-start></main>`
      }
      ${dialogs(this, items)}`;
  }

  #skip(event: Event): void {
    event.preventDefault();
    if (this.side) void this.side.focusSearch();
    else this.querySelector<KkElement>("kk-start")?.renderRoot.querySelector<HTMLElement>("a")?.focus();
  }
}
