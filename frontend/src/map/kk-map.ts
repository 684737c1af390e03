import {
  type LatLngBoundsExpression,
  type LayersControlEvent,
  Map as LeafletMap,
  type LeafletMouseEvent,
  type TileErrorEvent,
  TileLayer,
} from "leaflet";
import { html, type PropertyValues } from "lit";
import { customElement, property } from "lit/decorators.js";
import type { Bbox } from "../api/types.ts";
import { t } from "../text/index.ts";
import { KkElement } from "../ui/element.ts";
import { BaseLayer } from "./base-layer.ts";
import { declutter } from "./declutter.ts";
import { LabelLayer } from "./label-layer.ts";
import { PUBLIC_BASES, type PublicBase } from "./public-bases.ts";
import { TileSource } from "./tile-source.ts";

export type { LayersControlEvent, LeafletMouseEvent };

/** Panes from low to high; Leaflet's own tiles lie at 200, its tooltips at 650. */
const PANES = {
  labels: 350,
  areas: 380,
  catchment: 390,
  clusters: 400,
  parking: 440,
  units: 450,
  scenario: 455,
  names: 456,
  sensors: 460,
  highlight: 470,
  places: 480,
} as const;

// Farther away the words on the signs would lie on top of each other: there the signs stand alone.
const SENSOR_WORDS_ZOOM = 15;
const PARKING_WORDS_ZOOM = 17;

/** The Leaflet map: own base map, panes for the layers of the subjects, and word of where it is. */
@customElement("kk-map")
export class KkMap extends KkElement {
  @property() base: "own" | PublicBase = "own";
  @property({ type: Boolean }) parcels = false;
  @property({ attribute: false }) start: { lat: number; lon: number; zoom: number } | null = null;

  leaflet: LeafletMap | null = null;
  readonly #source = new TileSource();
  readonly #own = new BaseLayer(this.#source);
  readonly #labels = new LabelLayer(this.#source, "labels");
  #public: TileLayer | null = null;
  #resize: ResizeObserver | null = null;
  #isMoving = false;
  #screen = `${window.innerWidth} ${window.innerHeight}`;

  // Leaflet's style sheet is the page's, so the map cannot live in a shadow tree.
  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  protected override render() {
    return html`<div class="kk-map" role="region" aria-label=${t("map.label")}></div>`;
  }

  protected override firstUpdated(): void {
    const container = this.querySelector<HTMLElement>(".kk-map")!;
    const isCalm = matchMedia("(prefers-reduced-motion: reduce)").matches;
    const map = new LeafletMap(container, {
      zoomControl: false,
      attributionControl: false,
      minZoom: 10,
      maxZoom: 20,
      zoomAnimation: !isCalm,
      fadeAnimation: !isCalm,
      inertia: !isCalm,
      // It would tell as a move of whoever looks that the room changed; see #fill.
      trackResize: false,
    });
    for (const [name, zIndex] of Object.entries(PANES)) {
      const pane = map.createPane(name);
      pane.style.zIndex = String(zIndex);
      if (name === "labels" || name === "units" || name === "highlight") pane.style.pointerEvents = "none";
    }
    this.leaflet = map;
    const { lat, lon, zoom } = this.start ?? { lat: 51, lon: 3.1, zoom: 11 };
    map.setView([lat, lon], zoom, { animate: false });
    const markDistance = () => {
      container.classList.toggle("far", map.getZoom() < SENSOR_WORDS_ZOOM);
      container.classList.toggle("middle", map.getZoom() < PARKING_WORDS_ZOOM);
    };
    markDistance();
    const signs = map.getPane("sensors")!;
    let asked = 0;
    const askDeclutter = () => {
      cancelAnimationFrame(asked);
      asked = requestAnimationFrame(() => declutter(signs));
    };
    map.on("zoomend", markDistance);
    map.on("zoomend", askDeclutter);
    new MutationObserver(askDeclutter).observe(signs, { childList: true });
    this.#showBase();
    map.on("moveend", () => this.#tellMoved());
    this.#own.on("tileerror", (event) => this.emit("tile-error", (event as TileErrorEvent).error));
    this.#own.on("loading", () => this.emit("tiles-loading"));
    this.#resize = new ResizeObserver(() => this.#fill());
    this.#resize.observe(container);
    this.emit("map-ready", map);
  }

  protected override updated(changed: PropertyValues<this>): void {
    if (changed.has("base") && changed.get("base") !== undefined) this.#showBase();
    if (changed.has("parcels") && this.#own.showsParcels !== this.parcels) {
      this.#own.showsParcels = this.parcels;
      if (this.leaflet?.hasLayer(this.#own)) this.#own.redraw();
    }
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#resize?.disconnect();
    this.leaflet?.remove();
    this.leaflet = null;
  }

  #showBase(): void {
    const map = this.leaflet;
    if (!map) return;
    this.#public?.remove();
    this.#public = null;
    if (this.base === "own") {
      this.#own.addTo(map);
      this.#labels.addTo(map);
      return;
    }
    this.#own.remove();
    this.#labels.remove();
    const { url, options } = PUBLIC_BASES[this.base];
    this.#public = new TileLayer(url, options).addTo(map);
  }

  #tellMoved(): void {
    const map = this.leaflet;
    if (map && !this.#isMoving) this.emit("map-moved", this.#place(map));
  }

  #place(map: LeafletMap): { lat: number; lon: number; zoom: number } {
    const { lat, lng } = map.getCenter();
    return { lat, lon: lng, zoom: map.getZoom() };
  }

  /**
   * Fill the room there is now; that is no move of whoever looks, so it is told by another name.
   * A panel that opens leaves every place where it was; a phone that is turned keeps what is in the middle there.
   */
  #fill(): void {
    const map = this.leaflet;
    if (!map) return;
    const before = map.getSize();
    const screen = `${window.innerWidth} ${window.innerHeight}`;
    this.#isMoving = true;
    map.invalidateSize({ animate: false, pan: screen !== this.#screen });
    this.#isMoving = false;
    this.#screen = screen;
    if (!map.getSize().equals(before)) this.emit("map-resized", this.#place(map));
  }

  /** Try again the tiles that failed. */
  retryTiles(): void {
    this.#source.clear();
    this.#own.redraw();
  }

  /** Put the map somewhere without telling that it moved: who says so knows. */
  goTo(place: { lat: number; lon: number; zoom: number }): void {
    const map = this.leaflet;
    if (!map) return;
    this.#isMoving = true;
    map.invalidateSize({ animate: false, pan: false });
    this.#isMoving = false;
    const centre = map.getCenter();
    const isThere =
      map.getZoom() === place.zoom &&
      Math.abs(centre.lat - place.lat) < 1e-5 &&
      Math.abs(centre.lng - place.lon) < 1e-5;
    if (isThere) return;
    this.#isMoving = true;
    map.setView([place.lat, place.lon], place.zoom, { animate: false });
    this.#isMoving = false;
  }

  /** Show a box; `isSilent` when it is only for the time being. */
  showBox([west, south, east, north]: Bbox, bottom = 0, isSilent = false): void {
    this.#isMoving = isSilent;
    const bounds: LatLngBoundsExpression = [
      [south, west],
      [north, east],
    ];
    this.leaflet?.fitBounds(bounds, {
      animate: false,
      paddingTopLeft: [20, 20],
      paddingBottomRight: [20, bottom + 20],
    });
    this.#isMoving = false;
  }

  /** Bring a place into view, clear of what lies over the lower edge. */
  show(lat: number, lon: number, bottom = 0): void {
    const map = this.leaflet;
    if (!map) return;
    // The panel that opens beside the map has just made it narrower.
    map.invalidateSize({ animate: false, pan: false });
    if (map.getZoom() < 16) {
      const target = map.project([lat, lon], 17).add([0, bottom / 2]);
      map.setView(map.unproject(target, 17), 17);
      return;
    }
    map.panInside([lat, lon], { paddingTopLeft: [140, 90], paddingBottomRight: [140, bottom + 80] });
  }
}
