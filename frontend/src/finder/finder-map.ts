import L, { type Map as LeafletMap } from "leaflet";
import leafletStyle from "leaflet/dist/leaflet.css?inline";
import { css, html, type PropertyValues, unsafeCSS } from "lit";
import { customElement, property } from "lit/decorators.js";
import type { Ground, PublicUnit } from "../api/finder.ts";
import { t } from "../text/index.ts";
import { KkElement } from "../ui/element.ts";

/** Published units on a plain map of our own: no other server hears of who looks. */
@customElement("kk-finder-map")
export class KkFinderMap extends KkElement {
  @property({ attribute: false }) ground: Ground | null = null;
  @property({ attribute: false }) units: readonly PublicUnit[] = [];
  @property({ type: Number }) chosen: number | null = null;
  #map: LeafletMap | null = null;
  #ground = L.layerGroup();
  #signs = L.layerGroup();
  #fitted = "";

  static override styles = [
    unsafeCSS(leafletStyle),
    css`
      :host,
      .map {
        display: block;
        height: 100%;
        background: #fbfaf7;
      }
      .leaflet-container {
        font: 12px var(--font);
      }
      .leaflet-control-attribution a {
        color: var(--accent);
      }
      .sign {
        display: grid;
        place-items: center;
        width: 28px;
        height: 28px;
        border: 2px solid #fff;
        border-radius: 50%;
        background: var(--accent);
        color: #fff;
        font-weight: 600;
        box-shadow: 0 1px 4px rgb(0 0 0 / 40%);
      }
      .sign.chosen {
        background: #b8400e;
        scale: 1.15;
      }
    `,
  ];

  protected override firstUpdated(): void {
    const holder = this.renderRoot.querySelector<HTMLElement>(".map")!;
    const map = L.map(holder, { preferCanvas: true, maxZoom: 19, minZoom: 8, zoomControl: false });
    L.control.zoom({ zoomInTitle: t("finder.zoom_in"), zoomOutTitle: t("finder.zoom_out") }).addTo(map);
    L.control.scale({ imperial: false }).addTo(map);
    map.attributionControl.setPrefix("Leaflet");
    this.#ground.addTo(map);
    this.#signs.addTo(map);
    map.setView([50.9, 3.4], 10);
    this.#map = map;
    new ResizeObserver(() => map.invalidateSize()).observe(holder);
    this.#draw(true);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#map?.remove();
    this.#map = null;
  }

  protected override updated(changed: PropertyValues): void {
    if (this.#map) this.#draw(changed.has("ground"));
    if (changed.has("chosen") && this.chosen !== null) {
      const unit = this.units.find(({ id }) => id === this.chosen);
      if (unit) this.#map?.panTo([unit.lat, unit.lon]);
    }
  }

  #draw(withGround: boolean): void {
    const map = this.#map!;
    if (withGround) {
      this.#ground.clearLayers();
      if (this.ground) {
        const { cores, streets, buildings, sources } = this.ground;
        const draw = (data: GeoJSON.FeatureCollection, style: L.PathOptions) =>
          L.geoJSON(data, { style, interactive: false }).addTo(this.#ground);
        draw(cores, { color: "#b9a97d", weight: 1, fillColor: "#f3eee2", fillOpacity: 0.7 });
        draw(streets, { color: "#bcc5c9", weight: 4 });
        draw(buildings, { color: "#c9c2b2", weight: 0.6, fillColor: "#e3ded3", fillOpacity: 1 });
        for (const source of sources) map.attributionControl.addAttribution(source);
      }
    }
    this.#signs.clearLayers();
    this.units.forEach((unit, i) => {
      const words = document.createElement("span");
      words.className = `sign${unit.id === this.chosen ? " chosen" : ""}`;
      words.textContent = String(i + 1);
      // Its name is the address, not the number alone.
      words.setAttribute("aria-hidden", "true");
      const icon = L.divIcon({ html: words, className: "", iconSize: [28, 28] });
      L.marker([unit.lat, unit.lon], {
        icon,
        title: unit.address,
        alt: `${i + 1}: ${unit.address}`,
        zIndexOffset: unit.id === this.chosen ? 1000 : 0,
      })
        .on("click", () => this.emit("unit-choose", { id: unit.id }))
        .addTo(this.#signs);
    });
    const shown = this.units.map(({ id }) => id).join();
    if (shown && shown !== this.#fitted) {
      map.fitBounds(L.latLngBounds(this.units.map(({ lat, lon }) => [lat, lon])).pad(0.3), { maxZoom: 17 });
      this.#fitted = shown;
    }
  }

  protected override render() {
    return html`<div class="map" role="region" aria-label=${t("finder.map")}></div>`;
  }
}
