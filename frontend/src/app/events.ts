import type { Map as LeafletMap } from "leaflet";
import type { Me } from "../api/account.ts";
import type { Clusters, Mode, ProfileContent } from "../api/types.ts";
import type { Pick } from "../catchment/pick.ts";
import type { Place, Question } from "../catchment/question.ts";
import type { EventDraft } from "../event/draft.ts";
import { type Filters, NO_FILTERS } from "../places/filter.ts";
import type { Sort } from "../places/sort.ts";
import type { Weights } from "../score/ranking.ts";
import type { Language } from "../text/index.ts";
import type { ClustersAsked } from "../vacancy/clusters-asked.ts";
import type { Bounds } from "../vacancy/clusters-shown.ts";
import { listCluster } from "./cluster-choice.ts";
import type { KkApp } from "./kk-app.ts";
import { changeStreets, finishBarrier, finishZone, openPlace } from "./picking.ts";
import { START, type Tab, type View } from "./view.ts";

/** What the elements of the subjects may say, and what they say it about. */
interface Messages {
  "municipality-select": { nis: string | null };
  "language-select": { language: Language };
  "tab-select": { tab: Tab };
  "sort-select": { sort: Sort };
  "filters-change": { filters: Filters; how: "push" | "replace" };
  "filters-clear": undefined;
  "weights-change": { weights: Weights | null };
  "profile-select": { key: string };
  "compare-change": { ids: number[] };
  "profile-draft": { content: ProfileContent | null };
  "unit-select": { id: number | null };
  "unit-hover": { index: number | null };
  "cluster-select": { id: number };
  "clusters-show": { clusters: Clusters | null };
  "clusters-ask": { patch: Partial<ClustersAsked>; how?: "push" | "replace"; bounds?: Bounds | null };
  "core-select": { core: number | null };
  "street-select": { id: number | null; bounds?: [west: number, south: number, east: number, north: number] };
  "day-select": { on: string | null; how: "push" | "replace" };
  "catchment-mode": { mode: Mode | null };
  "catchment-ask": { patch: Partial<Question>; how?: "push" | "replace" };
  "catchment-open": { place: Place; how: "only" | "add" };
  "catchment-more": { id: number; how: "only" | "add" };
  "catchment-pick": { pick: Pick | null };
  "catchment-stored": { id: number | null };
  "catchment-recomputed": { id: number };
  "question-open": { question: Question };
  "street-change": { ids: readonly number[]; isOpen: boolean };
  "barrier-done": undefined;
  "barrier-back": undefined;
  "event-zone-done": undefined;
  "event-draft": { draft: EventDraft | null };
  "view-change": Partial<View>;
  "layers-toggle": undefined;
  "sources-open": undefined;
  "account-open": undefined;
  "me-known": { me: Me };
  "downloads-open": undefined;
  "zoom-in": undefined;
  "zoom-out": undefined;
  "zoom-fit": undefined;
  "map-ready": LeafletMap;
  "map-moved": { lat: number; lon: number; zoom: number };
  "map-resized": { lat: number; lon: number; zoom: number };
  "tile-error": unknown;
  "tiles-loading": undefined;
  "units-changed": undefined;
  "series-changed": undefined;
  retry: undefined;
}

type Handlers = { [K in keyof Messages]: (detail: Messages[K]) => void };

function handlers(app: KkApp): Handlers {
  const { session } = app;
  return {
    "municipality-select": ({ nis }) => {
      const { language, base, layers, colouring } = session.view;
      session.change({ ...START, language, base, layers, colouring, municipality: nis });
      app.focusHeading();
    },
    "language-select": ({ language }) => session.change({ language }),
    "tab-select": ({ tab }) => session.change({ tab }),
    "sort-select": ({ sort }) => session.change({ sort }),
    "filters-change": ({ filters, how }) => session.change({ filters }, how),
    "filters-clear": () => session.change({ filters: NO_FILTERS }),
    // One step back undoes a whole adjustment, not each pixel of the slider.
    "weights-change": ({ weights }) =>
      session.change({ weights }, weights && session.view.weights ? "replace" : "push"),
    "profile-select": ({ key }) => session.chooseProfile(key),
    "compare-change": ({ ids }) => session.change({ compared: ids }),
    "profile-draft": ({ content }) => session.profiles.try(content, session.view),
    "unit-select": ({ id }) => app.selectUnit(id),
    "unit-hover": ({ index }) => session.hover(index),
    "cluster-select": ({ id }) => listCluster(session, id),
    "clusters-show": ({ clusters }) => session.showClusters(clusters),
    "clusters-ask": ({ patch, how, bounds }) => {
      session.askClusters(patch, how);
      if (bounds) app.map?.showBox(bounds, app.sheetHeight);
    },
    "core-select": ({ core }) => session.change({ filters: { ...session.view.filters, core } }),
    "street-select": ({ id, bounds }) => {
      session.chooseStreet(id);
      if (bounds) app.map?.showBox(bounds, app.sheetHeight);
    },
    "day-select": ({ on, how }) => session.change({ on }, how),
    "catchment-mode": ({ mode }) => session.change({ catchment: mode }),
    "catchment-ask": ({ patch, how }) => session.ask(patch, how),
    "catchment-open": ({ place, how }) => openPlace(session, place, how),
    "catchment-more": ({ id, how }) => app.openCatchment(id, how),
    "catchment-pick": ({ pick }) => session.pick(pick),
    "catchment-stored": ({ id }) => {
      if (id !== null) session.ask({ stored: { id, run: null } }, "push", true);
      session.catchments.refresh();
    },
    "catchment-recomputed": ({ id }) => {
      const { stored } = session.view.question;
      // Whoever had an earlier run open computed anew to see the new one.
      if (stored?.id === id && stored.run !== null) session.ask({ stored: { id, run: null } });
      session.catchments.refresh();
    },
    "question-open": ({ question }) => session.ask(question),
    "street-change": ({ ids, isOpen }) => changeStreets(session, ids, isOpen),
    "barrier-done": () => finishBarrier(session),
    "barrier-back": () => {
      const { pick } = session.catchments;
      if (pick?.kind === "barrier" || pick?.kind === "event")
        session.pick({ ...pick, line: pick.line.slice(0, -1) });
    },
    "event-zone-done": () => finishZone(session),
    "event-draft": ({ draft }) => session.drawEvent(draft),
    "view-change": (patch) => session.change(patch),
    "layers-toggle": () => app.toggleLayers(),
    "account-open": () => app.account?.show(),
    "me-known": ({ me }) => {
      app.me = me;
    },
    "sources-open": () => void app.sources?.show(),
    "downloads-open": () => void app.downloads?.show(),
    "zoom-in": () => app.map?.leaflet?.zoomIn(),
    "zoom-out": () => app.map?.leaflet?.zoomOut(),
    "zoom-fit": () => app.fitting.show(),
    "map-ready": (map) => app.mapReady(map),
    "map-moved": (map) => session.change({ map }, "replace"),
    "map-resized": (map) => {
      if (session.view.map) session.change({ map }, "replace");
      else app.fitting.again();
    },
    "tile-error": () => app.setTileError(true),
    "tiles-loading": () => app.setTileError(false),
    "units-changed": () => session.refresh(),
    "series-changed": () => session.refreshVacancy(),
    retry: () => {
      session.retry();
      app.retryTiles();
    },
  };
}

function isTyping(event: KeyboardEvent): boolean {
  const target = event.composedPath()[0];
  return target instanceof HTMLElement && /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName);
}

/** One place where every message of the page is answered, and the keys that work everywhere. */
export function bindEvents(app: KkApp): void {
  for (const [name, handle] of Object.entries(handlers(app))) {
    app.addEventListener(name, (event) =>
      (handle as (detail: unknown) => void)((event as CustomEvent).detail),
    );
  }
  document.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "/" && !isTyping(event) && app.side) {
      event.preventDefault();
      app.session.change({ tab: "units" }, "replace");
      // The side hears of the other tab only when the page is drawn again.
      void app.updateComplete.then(() => app.side?.focusSearch());
    } else if (event.key === "Escape") {
      app.escape();
    }
  });
}
