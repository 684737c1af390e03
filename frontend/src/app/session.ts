import { api } from "../api/client.ts";
import type { Catchment, Clusters, Municipality, Points, ShopUnitDetail } from "../api/types.ts";
import { CatchmentState } from "../catchment/catchment-state.ts";
import type { Pick } from "../catchment/pick.ts";
import { changed, type Question, questionOf } from "../catchment/question.ts";
import type { EventDraft } from "../event/draft.ts";
import type { RankRange } from "../score/rank-range.ts";
import type { Ranking } from "../score/ranking.ts";
import { language, preferredLanguage, setLanguage } from "../text/index.ts";
import { IDLE, type Loadable, latest, load, ready } from "../ui/loadable.ts";
import type { ClustersAsked } from "../vacancy/clusters-asked.ts";
import type { ClustersShown } from "../vacancy/clusters-shown.ts";
import { Derived } from "./derived.ts";
import { type Loaded, loadLabels } from "./loaded.ts";
import { MunicipalityData } from "./municipality-data.ts";
import { ProfileState } from "./profile-state.ts";
import { UnitData } from "./unit-data.ts";
import { readView, START, type View, writeView } from "./view.ts";

const RANGE_DELAY_MS = 250;

/** A change of one of these shows another stretch of the map; of the others, another light on the same. */
const FITTED: readonly (keyof Question)[] = ["places", "mode", "unit", "bands", "stored", "versus"];

/** The state of the application: the view, what was loaded for it, and what follows from both. */
export class Session extends EventTarget {
  view: View = START;
  municipalities: Loadable<{ items: Municipality[] }> = IDLE;
  readonly #unit = new UnitData(() => this.#tell());
  hovered: number | null = null;
  readonly profiles = new ProfileState(() => {
    this.#scheduleRange();
    this.#tell();
  });
  /** The street whose footfall is explained. */
  street: number | null = null;
  range: RankRange | null = null;
  eventDraft: EventDraft | null = null;
  #clusters: Clusters | null = null;
  readonly #clustersShown = latest(
    (clusters: Clusters | null, selected: number | null): ClustersShown => ({ clusters, selected }),
  );
  readonly catchments = new CatchmentState(() => this.#catchmentAnswered());
  /** Whether the catchment in view was asked for here; one that an address names leaves the map where that says. */
  isCatchmentNew = false;

  readonly #derived = new Derived();
  readonly #data = new MunicipalityData(
    () => this.#tell(),
    () => this.#scheduleRange(),
  );
  #rangeTimer = 0;

  start(): void {
    window.addEventListener("popstate", () => {
      this.isCatchmentNew = false;
      this.#follow(readView(location.hash));
    });
    window.addEventListener("online", () => this.retry());
    void this.loadMunicipalities();
    loadLabels();
    this.#follow(readView(location.hash));
  }

  /** Show what an address says, and where it says; without a where, the catchment itself is the place to look. */
  #follow(view: View): void {
    this.catchments.isToFit = view.map === null;
    this.#apply(view);
  }

  async loadMunicipalities(): Promise<void> {
    await this.#load(
      () => api.municipalities(),
      (value) => (this.municipalities = value),
    );
  }

  /** Change the view; a step that "back" should undo is pushed, a movement is not. */
  change(patch: Partial<View>, how: "push" | "replace" = "push"): void {
    const next = { ...this.view, ...patch };
    const hash = `#${writeView(next)}`;
    if (hash !== location.hash && !(hash === "#" && location.hash === "")) {
      if (how === "push") history.pushState(null, "", hash);
      else history.replaceState(null, "", hash);
    }
    if (next.unit !== this.view.unit || next.catchment !== this.view.catchment) this.isCatchmentNew = true;
    this.#apply(next);
  }

  /** Ask something else about catchments; `isHere` when the map already shows where. */
  ask(patch: Partial<Question>, how: "push" | "replace" = "push", isHere = false): void {
    const question = changed(this.view.question, patch);
    if (!isHere && FITTED.some((key) => key in patch)) this.catchments.isToFit = true;
    this.change({ question }, how);
  }

  pick(pick: Pick | null): void {
    this.catchments.pick = pick;
    this.#tell();
  }

  /** A link may name a stored catchment and nothing else: the answer then says what was asked. */
  #catchmentAnswered(): void {
    const { question } = this.view;
    const { stored } = this.catchments;
    if (stored && question.stored && question.places.length === 0) {
      const { band, versus } = question;
      const asked = questionOf(stored.parameters, question.stored);
      this.change({ question: { ...asked, band, versus } }, "replace");
    }
    this.#tell();
  }

  /** Explain the footfall of a street; null of none. */
  chooseStreet(street: number | null): void {
    this.street = street;
    if (street === null || (this.view.tab === "footfall" && this.view.section === "streets")) this.#tell();
    else this.change({ tab: "footfall", section: "streets", unit: null });
  }

  drawEvent(draft: EventDraft | null): void {
    this.eventDraft = draft;
    this.#tell();
  }

  showClusters(clusters: Clusters | null): void {
    this.#clusters = clusters;
    this.#tell();
  }

  askClusters(patch: Partial<ClustersAsked>, how: "push" | "replace" = "push"): void {
    this.change({ clusters: { ...this.view.clusters, ...patch } }, how);
  }

  /** Clusters that the section about them shows instead of today's; null where it is not on the screen. */
  get clustersShown(): ClustersShown | null {
    const { tab, section, clusters } = this.view;
    if (tab !== "vacancy" || section !== "clusters") return null;
    return this.#clustersShown(this.#clusters, clusters.chosen);
  }

  hover(index: number | null): void {
    if (index === this.hovered) return;
    this.hovered = index;
    this.#tell();
  }

  /** Ask again for whatever could not be had. */
  retry(): void {
    if (this.municipalities.status === "error") void this.loadMunicipalities();
    const failed = Object.values(this.loaded).some((part) => part.status === "error");
    if (failed && this.view.municipality) this.#loadMunicipality();
    if (this.unit.status === "error") this.#unit.loadUnit(this.view);
    if (this.catchment.status === "error") this.#unit.loadCatchment(this.view);
    if (this.profiles.ranked.status === "error") this.profiles.load(this.view);
    if (this.catchments.isFailed) this.catchments.retry();
    this.#tell();
  }

  /** Units were written: show them as they are now, without hiding meanwhile what is on the screen. */
  refresh(): void {
    void this.#load(
      () => api.municipalities(),
      (value) => {
        if (value.status === "ready") this.municipalities = value;
      },
    );
    this.#data.refresh(this.view);
    this.profiles.load(this.view);
    if (this.view.unit !== null) this.#unit.loadUnit(this.view);
  }

  /** What follows from the rates and their breaks alone. */
  refreshVacancy(): void {
    this.#data.loadVacancy(this.view);
  }

  #apply(next: View): void {
    const old = this.view;
    this.view = next;
    setLanguage(next.language ?? preferredLanguage(navigator.languages));
    document.documentElement.lang = language();
    if (next.municipality !== old.municipality) this.#loadMunicipality();
    else if (next.municipality) {
      if (next.on !== old.on) this.#data.loadPoints(next);
      const isSame = next.scope === old.scope && next.on === old.on && next.filters.core === old.filters.core;
      if (!isSame) this.#data.loadVacancy(next);
    }
    this.profiles.apply(next, old);
    if (next.unit !== old.unit || next.language !== old.language) this.#unit.loadUnit(this.view);
    if (next.unit !== old.unit || next.catchment !== old.catchment) this.#unit.loadCatchment(this.view);
    if (next.weights !== old.weights) this.#scheduleRange();
    if (next.question !== old.question || next.tab !== old.tab)
      this.catchments.apply(next.question, next.tab === "catchment");
    this.#tell();
  }

  #tell(): void {
    this.dispatchEvent(new Event("change"));
  }

  #load<T>(ask: () => Promise<T>, set: (value: Loadable<T>) => void, signal?: AbortSignal): Promise<void> {
    const told = (value: Loadable<T>) => {
      set(value);
      this.#tell();
    };
    return load(ask, told, signal);
  }

  #loadMunicipality(): void {
    this.range = this.hovered = this.street = this.eventDraft = this.#clusters = null;
    this.#data.load(this.view);
  }

  /** Rank for another profile, or anew for one of which a version was just kept. */
  chooseProfile(profile: string): void {
    this.profiles.draft = null;
    if (profile === this.view.profile) this.profiles.load(this.view);
    this.change({ profile, weights: null });
  }

  #scheduleRange(): void {
    window.clearTimeout(this.#rangeTimer);
    this.range = null;
    const { weights } = this.view;
    const { points } = this;
    if (!weights || !points) return;
    this.#rangeTimer = window.setTimeout(() => {
      this.range = this.#derived.range(points, weights);
      this.#tell();
    }, RANGE_DELAY_MS);
  }

  get unit(): Loadable<ShopUnitDetail> {
    return this.#unit.unit;
  }

  get catchment(): Loadable<Catchment> {
    return this.#unit.catchment;
  }

  get loaded(): Loaded {
    return this.#data.loaded;
  }

  get isPointsLate(): boolean {
    return this.#data.isPointsLate;
  }

  /** The units, with the scores of the profile in force; without any until those came. */
  get points(): Points | null {
    const points = ready(this.loaded.points);
    return points && this.profiles.scored(points, this.view);
  }

  /** Months from which on a unit is no longer fresh, and stale; of a past day nobody tells. */
  get months(): [number, number] | null {
    return this.points && !this.view.on ? [this.points.fresh_months, this.points.stale_months] : null;
  }

  get ranking(): Ranking | null {
    return this.points && this.#derived.ranking(this.points, this.view.weights);
  }

  get knownCriteria(): string[] {
    return this.points ? this.#derived.known(this.points) : [];
  }

  get rankRange(): RankRange | null {
    if (!this.points) return null;
    return this.view.weights ? this.range : this.#derived.storedRange(this.points);
  }

  get filtered(): number[] {
    return this.points ? this.#derived.filtered(this.points, this.view.filters) : [];
  }

  get sorted(): number[] {
    const { points, ranking, view } = this;
    return points && ranking ? this.#derived.sorted(points, view, ranking) : [];
  }

  /** Units that a floor area filter drops only because nobody knows their area. */
  get dropped(): number {
    return this.points ? this.#derived.dropped(this.points, this.view.filters) : 0;
  }

  get selectedIndex(): number | null {
    const { points } = this;
    if (!points || this.view.unit === null) return null;
    const index = points.ids.indexOf(this.view.unit);
    return index < 0 ? null : index;
  }
}
