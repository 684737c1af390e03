import { extentOf } from "./extent.ts";
import type { KkApp } from "./kk-app.ts";

/** The map shows the town by itself until somebody moved it. */
export class Fitting {
  readonly #app: KkApp;
  #done: string | null = null;

  constructor(app: KkApp) {
    this.#app = app;
  }

  show(): void {
    const { points } = this.#app.session;
    const extent = (points && extentOf(points)) ?? this.#app.listed?.bbox;
    if (extent) this.#app.map?.showBox(extent, this.#app.sheetHeight, !points);
  }

  /** First the box that the list of municipalities knows, then the core itself, and then never again. */
  once(): void {
    const { points, loaded, view } = this.#app.session;
    const hasAll = points !== null || loaded.points.status === "error";
    const stage = `${view.municipality} ${hasAll}`;
    // A refusal may come before the list does: then there is nothing to show yet.
    if (!view.municipality || this.#done === stage || (!points && !this.#app.listed?.bbox)) return;
    this.#done = stage;
    this.show();
  }

  /** The room for the map changed before anybody moved it, as when a phone is turned while it loads. */
  again(): void {
    this.#done = null;
    this.once();
  }
}
