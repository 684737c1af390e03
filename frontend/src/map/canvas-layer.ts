import { DomUtil, Layer, type Map as LeafletMap, type Point, type ZoomAnimEvent } from "leaflet";
import { mercator, type Project } from "./mercator.ts";

const PADDING_PX = 200;

/** A layer that draws itself on one canvas over the view, again after each move. */
export abstract class CanvasLayer extends Layer {
  protected canvas: HTMLCanvasElement | null = null;
  #map: LeafletMap | null = null;
  #origin: Point | null = null;
  #zoom = 0;
  #asked = 0;
  readonly #paneName: string;

  constructor(pane: string) {
    super();
    this.#paneName = pane;
  }

  /** Draw everything; `size` and positions are in CSS pixels. */
  protected abstract draw(
    context: CanvasRenderingContext2D,
    project: Project,
    size: { width: number; height: number },
    zoom: number,
  ): void;

  override onAdd(map: LeafletMap): this {
    this.#map = map;
    const canvas = document.createElement("canvas");
    canvas.className = "leaflet-zoom-animated";
    canvas.setAttribute("aria-hidden", "true");
    canvas.style.pointerEvents = "none";
    canvas.style.transformOrigin = "0 0";
    map.getPane(this.#paneName)!.append(canvas);
    this.canvas = canvas;
    map.on("moveend zoomend viewreset resize", this.redraw, this);
    map.on("zoomanim", this.#animate as never, this);
    this.redraw();
    return this;
  }

  override onRemove(map: LeafletMap): this {
    map.off("moveend zoomend viewreset resize", this.redraw, this);
    map.off("zoomanim", this.#animate as never, this);
    cancelAnimationFrame(this.#asked);
    this.#asked = 0;
    this.canvas?.remove();
    this.canvas = null;
    this.#map = null;
    return this;
  }

  /** Draw at the next frame, once however often it is asked. */
  redraw(): void {
    if (this.#asked || !this.#map) return;
    this.#asked = requestAnimationFrame(() => {
      this.#asked = 0;
      this.#drawNow();
    });
  }

  #drawNow(): void {
    const map = this.#map;
    const canvas = this.canvas;
    if (!map || !canvas) return;
    const view = map.getSize();
    const size = { width: view.x + 2 * PADDING_PX, height: view.y + 2 * PADDING_PX };
    const ratio = Math.min(2, window.devicePixelRatio || 1);
    const width = Math.round(size.width * ratio);
    const height = Math.round(size.height * ratio);
    if (canvas.width !== width || canvas.height !== height) {
      canvas.width = width;
      canvas.height = height;
      canvas.style.width = `${size.width}px`;
      canvas.style.height = `${size.height}px`;
    }
    const topLeft = map.containerPointToLayerPoint([-PADDING_PX, -PADDING_PX]);
    DomUtil.setPosition(canvas, topLeft);
    this.#origin = map.layerPointToLatLng(topLeft) && topLeft;
    this.#zoom = map.getZoom();
    const context = canvas.getContext("2d");
    if (!context) return;
    context.setTransform(1, 0, 0, 1, 0, 0);
    context.clearRect(0, 0, width, height);
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    const pixelOrigin = map.getPixelOrigin().add(topLeft);
    this.draw(context, mercator(map.getZoom(), pixelOrigin), size, this.#zoom);
  }

  /** Stretch what is drawn while the map zooms, until it can be drawn again. */
  #animate(event: ZoomAnimEvent): void {
    const map = this.#map;
    if (!map || !this.canvas || !this.#origin) return;
    const scale = map.getZoomScale(event.zoom, this.#zoom);
    const corner = map.layerPointToLatLng(this.#origin);
    const half = map.getSize().divideBy(2);
    const pane = map.layerPointToContainerPoint([0, 0]);
    const newOrigin = map.project(event.center, event.zoom).subtract(half).add(pane).round();
    DomUtil.setTransform(this.canvas, map.project(corner, event.zoom).subtract(newOrigin), scale);
  }
}
