import { api } from "../api/client.ts";
import { type Loadable, load } from "../ui/loadable.ts";
import { pointsOn } from "../vacancy/past-days.ts";
import { type Loaded, NOTHING } from "./loaded.ts";
import type { View } from "./view.ts";

/** What is known of the municipality in view, and how it is fetched: whole, or the part that a change asks for. */
export class MunicipalityData {
  loaded: Loaded = NOTHING;
  /** Whether the units on the map are of another day than the one in view. */
  isPointsLate = false;
  readonly #tell: () => void;
  readonly #unitsCame: () => void;
  #all = new AbortController();
  #points = new AbortController();
  #vacancy = new AbortController();

  constructor(tell: () => void, unitsCame: () => void) {
    this.#tell = tell;
    this.#unitsCame = unitsCame;
  }

  /** All of the municipality in view, of which nothing is known yet. */
  load(view: View): void {
    for (const running of [this.#all, this.#points, this.#vacancy]) running.abort();
    this.#all = new AbortController();
    this.loaded = { ...NOTHING };
    const nis = view.municipality;
    if (!nis) return;
    const { signal } = this.#all;
    this.#part("municipality", () => api.municipality(nis, signal), signal);
    this.loadPoints(view);
    this.#part("areas", () => api.areas(nis, signal), signal);
    this.#part("clusters", () => api.clusters(nis, signal), signal);
    this.#part("sensors", () => api.sensors(nis, signal), signal);
    this.#part("parking", () => api.parkingZones(nis, signal), signal);
    this.loadVacancy(view);
  }

  /** What follows from the units, after some were written; what is on the screen stays until the answers come. */
  refresh(view: View): void {
    const nis = view.municipality;
    if (!nis) return;
    const { signal } = this.#all;
    this.#part("municipality", () => api.municipality(nis, signal), signal);
    this.loadPoints(view);
    this.loadVacancy(view);
  }

  /** The units of today, or as they stood on the past day in view. */
  loadPoints({ municipality: nis, on }: View): void {
    if (!nis) return;
    this.#points.abort();
    this.#points = new AbortController();
    const { signal } = this.#points;
    this.isPointsLate = true;
    void load(
      async () => (on ? pointsOn(await api.unitsOn(nis, on, signal)) : api.points(nis, signal)),
      (points) => {
        this.isPointsLate = points.status === "loading";
        this.#keep("points", points);
      },
      signal,
    ).then(this.#unitsCame);
  }

  loadVacancy({ municipality, scope, on, filters }: View): void {
    this.#vacancy.abort();
    this.#vacancy = new AbortController();
    const { signal } = this.#vacancy;
    this.#part("vacancy", () => api.vacancy({ municipality, scope, on, core: filters.core }, signal), signal);
  }

  #part<K extends keyof Loaded, T>(key: K, ask: () => Promise<T>, signal: AbortSignal): void {
    void load(ask, (value: Loadable<T>) => this.#keep(key, value as Loaded[K]), signal);
  }

  /** What is shown stays while something newer is fetched, so that a day's step does not make the page flicker. */
  #keep<K extends keyof Loaded>(key: K, value: Loaded[K]): void {
    if (value.status !== "loading" || this.loaded[key].status !== "ready") {
      this.loaded = { ...this.loaded, [key]: value };
    }
    this.#tell();
  }
}
