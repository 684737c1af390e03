import { api } from "../api/client.ts";
import type { Position } from "../api/types.ts";
import { MOST_PLACES } from "../catchment/bands.ts";
import { type EventPick, type Pick, STREET_PICK } from "../catchment/pick.ts";
import { type Place, pointAt, rounded } from "../catchment/question.ts";
import { pointPlace, zonePlace } from "../event/draft.ts";
import type { KkApp } from "./kk-app.ts";
import type { Session } from "./session.ts";

// From here on the map draws parcels, where their layer is on.
const PARCEL_ZOOM = 15;

/** Ask about a place: instead of those there were, or beside them. */
export function openPlace(
  session: Session,
  place: Place,
  how: "only" | "add",
  step: "push" | "replace" = "push",
): void {
  const { places } = session.view.question;
  const others = how === "add" ? places.slice(0, MOST_PLACES - 1) : [];
  const isThere = others.some((other) => JSON.stringify(other) === JSON.stringify(place));
  if (!isThere) session.ask({ places: [...others, place] }, step);
}

/** A place on the map was pointed at: do with it what was asked for. */
export function picked(session: Session, lon: number, lat: number, unit: number | null): void {
  const { catchments, view } = session;
  const { pick } = catchments;
  if (pick?.kind === "place") {
    session.pick(null);
    if (unit !== null) openPlace(session, { kind: "unit", id: unit }, pick.how);
    else if (showsParcels(session)) void openParcel(session, lon, lat, pick.how);
    else openPlace(session, pointAt(lon, lat), pick.how);
  } else if (pick?.kind === "competitor" && unit !== null) {
    session.pick(null);
    session.ask({ competitors: [...new Set([...view.question.competitors, unit])] });
  } else if (pick?.kind === "event") {
    pointedEvent(session, pick, [lon, lat]);
  } else if (pick?.kind === "barrier") {
    session.pick({ kind: "barrier", line: [...pick.line, [rounded(lon), rounded(lat)]] });
  } else if (pick?.kind === "street") {
    void findStreet(session, lon, lat);
  }
}

function pointedEvent(session: Session, pick: EventPick, at: Position): void {
  if (pick.shape === "zone") {
    session.pick({ ...pick, line: [...pick.line, at] });
    return;
  }
  session.pick(null);
  pick.done(pointPlace(at));
}

/** The last corner of a zone was pointed at. */
export function finishZone(session: Session): void {
  const { pick } = session.catchments;
  const zone = pick?.kind === "event" ? zonePlace(pick.line) : null;
  if (pick?.kind !== "event" || !zone) return;
  session.pick(null);
  pick.done(zone);
}

function showsParcels({ view }: Session): boolean {
  return view.layers.includes("parcels") && (view.map?.zoom ?? 0) >= PARCEL_ZOOM;
}

/** Where parcels are drawn, who points at one means the parcel; beside all of them the place itself. */
async function openParcel(session: Session, lon: number, lat: number, how: "only" | "add"): Promise<void> {
  const place = await api.parcelAt(lon, lat).then(
    ({ id }): Place => ({ kind: "parcel", id }),
    () => pointAt(lon, lat),
  );
  openPlace(session, place, how);
}

async function findStreet(session: Session, lon: number, lat: number): Promise<void> {
  const asking: Pick = { ...STREET_PICK, isAsking: true };
  session.pick(asking);
  let next: Pick;
  try {
    next = { ...STREET_PICK, found: await api.nearestStreet(lon, lat, session.view.question.mode) };
  } catch (error) {
    next = { ...STREET_PICK, error };
  }
  // Who left meanwhile, or pointed elsewhere, no longer waits for this street.
  if (session.catchments.pick === asking) session.pick(next);
}

/** Close what is open, or open what is closed, for the sake of argument. */
export function changeStreets(session: Session, ids: readonly number[], isOpen: boolean): void {
  const { closed, opened } = session.view.question;
  const { pick, streets } = session.catchments;
  const found = pick?.kind === "street" ? pick.found : null;
  if (found) streets.set(found.id, found);
  session.pick(null);
  const key = isOpen ? "closed" : "opened";
  const known = isOpen ? closed : opened;
  session.ask({ [key]: [...new Set([...known, ...ids])] });
}

export function finishBarrier(session: Session): void {
  const { pick } = session.catchments;
  if (pick?.kind !== "barrier" || pick.line.length < 2) return;
  session.pick(null);
  session.ask({ barriers: [...session.view.question.barriers, pick.line] });
}

/** What has the focus, through every shadow. */
function focused(): HTMLElement | null {
  let element = document.activeElement;
  while (element?.shadowRoot?.activeElement) element = element.shadowRoot.activeElement;
  return element instanceof HTMLElement ? element : null;
}

/** While somebody points at the map it lies open and has the keys; afterwards both go back. */
export class Picking {
  readonly #app: KkApp;
  #isOn = false;
  #from: HTMLElement | null = null;

  constructor(app: KkApp) {
    this.#app = app;
  }

  update(): void {
    const app = this.#app;
    const isOn = app.session.catchments.pick !== null;
    if (isOn === this.#isOn) return;
    this.#isOn = isOn;
    if (app.isNarrow) app.setSheet(isOn ? "peek" : "half");
    if (isOn) {
      this.#from = focused();
      app.map?.querySelector<HTMLElement>(".kk-map")?.focus();
    } else if (this.#from?.isConnected) this.#from.focus();
    else app.side?.focusTab();
  }
}
