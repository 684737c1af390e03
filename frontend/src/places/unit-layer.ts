import type { Map as LeafletMap } from "leaflet";
import type { Points } from "../api/types.ts";
import { CanvasLayer } from "../map/canvas-layer.ts";
import type { Project } from "../map/mercator.ts";
import { fadedStyle } from "./fading.ts";
import { nearestIndex, thinned } from "./unit-pick.ts";
import { type Colouring, drawSymbol, type UnitStyle, unitRadius } from "./unit-style.ts";

export interface UnitLayerModel {
  points: Points;
  shown: readonly number[];
  score: ArrayLike<number>;
  colouring: Colouring;
  fades: boolean;
}

const THIN_FROM = 4000;

/** All shop units on one canvas: twenty thousand of them are one element, and one drawing of stamped symbols. */
export class UnitLayer extends CanvasLayer {
  #model: UnitLayerModel | null = null;
  #order: { i: number; style: UnitStyle }[] = [];
  #stamps = new Map<string, HTMLCanvasElement>();
  #stampKey = "";
  #positions = new Float32Array(0);
  #offset = 0;

  /** Milliseconds the last drawing took, for whoever measures. */
  drawnMs = 0;

  update(model: UnitLayerModel | null): void {
    const old = this.#model;
    const isSame =
      old &&
      model &&
      old.points === model.points &&
      old.shown === model.shown &&
      old.score === model.score &&
      old.colouring === model.colouring &&
      old.fades === model.fades;
    if (isSame) return;
    this.#model = model;
    this.#order = model
      ? model.shown
          .map((i) => ({ i, style: fadedStyle(model.points, i, model, model.score) }))
          .sort((a, b) => a.style.order - b.style.order)
      : [];
    this.redraw();
  }

  protected draw(
    context: CanvasRenderingContext2D,
    project: Project,
    size: { width: number; height: number },
    zoom: number,
  ): void {
    const started = performance.now();
    const model = this.#model;
    this.#positions = new Float32Array(2 * this.#order.length).fill(Number.NaN);
    if (!model) return;
    const radius = unitRadius(zoom);
    const ratio = context.getTransform().a;
    const key = `${radius}/${ratio}`;
    if (key !== this.#stampKey) {
      this.#stamps.clear();
      this.#stampKey = key;
    }
    const isCrowded = thinned(this.#order.length > THIN_FROM, radius, size);
    this.#order.forEach(({ i, style }, n) => {
      const { x, y } = project(model.points.lat[i]!, model.points.lon[i]!);
      if (x < -20 || y < -20 || x > size.width + 20 || y > size.height + 20) return;
      this.#positions[2 * n] = x;
      this.#positions[2 * n + 1] = y;
      if (isCrowded(x, y, style.order)) return;
      const stamp = this.#stamp(style, radius, ratio);
      const half = stamp.width / ratio / 2;
      context.drawImage(stamp, x - half, y - half, stamp.width / ratio, stamp.height / ratio);
    });
    this.drawnMs = performance.now() - started;
  }

  #stamp(style: UnitStyle, radius: number, ratio: number): HTMLCanvasElement {
    let stamp = this.#stamps.get(style.key);
    if (!stamp) {
      const own = radius * style.size;
      const half = Math.ceil(own + 2);
      stamp = document.createElement("canvas");
      stamp.width = stamp.height = 2 * half * ratio;
      const context = stamp.getContext("2d")!;
      context.setTransform(ratio, 0, 0, ratio, half * ratio, half * ratio);
      drawSymbol(context, style, 0, 0, own);
      this.#stamps.set(style.key, stamp);
    }
    return stamp;
  }

  /** Index of the shop unit at a point of the map's container, or null. */
  pick(map: LeafletMap, point: { x: number; y: number }, isTouch = false): number | null {
    if (!this.canvas) return null;
    const rectangle = this.canvas.getBoundingClientRect();
    const container = map.getContainer().getBoundingClientRect();
    this.#offset = unitRadius(map.getZoom()) * 1.3 + (isTouch ? 14 : 4);
    const n = nearestIndex(
      this.#positions,
      point.x + container.left - rectangle.left,
      point.y + container.top - rectangle.top,
      this.#offset,
    );
    return n === null ? null : this.#order[n]!.i;
  }
}
