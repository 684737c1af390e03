import type { Map as LeafletMap } from "leaflet";
import type { Catchment, Position, StreetSegment } from "../api/types.ts";
import { LETTERS } from "../catchment/bands.ts";
import { CatchmentLayer } from "../catchment/catchment-layer.ts";
import { bandsDrawing, comparisonDrawing, differenceDrawing, type Outline } from "../catchment/drawing.ts";
import { PickLayer } from "../catchment/pick-layer.ts";
import { type Marked, PlaceMarkers } from "../catchment/place-markers.ts";
import { placeName } from "../catchment/place-name.ts";
import { pointAt, type Question } from "../catchment/question.ts";
import { ScenarioLayer } from "../catchment/scenario-layer.ts";
import { language, t } from "../text/index.ts";
import { latest, ready } from "../ui/loadable.ts";
import type { Session } from "./session.ts";

const NOWHERE: readonly Marked[] = [];

/** Catchments on the map: that of the open unit, or all that the tab of catchments asks for. */
export class CatchmentMap {
  readonly #map: LeafletMap;
  readonly #shapes: CatchmentLayer;
  readonly #scenario: ScenarioLayer;
  readonly #pins: PlaceMarkers;
  readonly #pick: PickLayer;
  #session: Session | null = null;
  #sectionShown: Catchment | null = null;

  readonly #bands = latest((answer: Catchment, band: number | null, _language: string) =>
    bandsDrawing(answer, band),
  );
  readonly #difference = latest(differenceDrawing);
  // The answers stand in a new list at every turn, so they are compared one by one.
  readonly #comparison = latest(
    (_count: number, band: number | null, _language: string, ...answers: (Catchment | null)[]) =>
      comparisonDrawing(answers, band),
  );
  readonly #closings = latest(
    (
      question: Question,
      found: StreetSegment | null,
      _known: number,
      streets: ReadonlyMap<number, StreetSegment>,
    ) => {
      const named = (ids: readonly number[]) => ids.flatMap((id) => streets.get(id) ?? []);
      return {
        closed: named(question.closed),
        opened: named(question.opened),
        found,
        barriers: question.barriers,
      };
    },
  );

  constructor(map: LeafletMap, covered: () => number, chosen: (lon: number, lat: number) => void) {
    this.#map = map;
    this.#shapes = new CatchmentLayer(map, covered);
    this.#scenario = new ScenarioLayer(map);
    this.#pick = new PickLayer(map, chosen);
    this.#pins = new PlaceMarkers(map, {
      drag: (index, lon, lat) => this.#session?.catchments.drag(index, lon, lat),
      drop: (index, lon, lat) => this.#drop(index, [lon, lat]),
    });
  }

  update(session: Session): void {
    this.#session = session;
    const { catchments, view } = session;
    this.#pick.update(catchments.pick);
    // What is asked for comes first: cores and clusters step back, and their signs make room.
    const isAsked = view.tab === "catchment" && view.question.places.length > 0;
    this.#map.getContainer().classList.toggle("reach", isAsked);
    if (view.tab !== "catchment") {
      this.#showSection(session);
      return;
    }
    this.#sectionShown = null;
    const { pick, streets } = catchments;
    const found = pick?.kind === "street" ? pick.found : null;
    this.#scenario.update(this.#closings(view.question, found, streets.size, streets));
    this.#pins.update(this.#marked(session));
    this.#shapes.update(this.#outlines(session));
    if (!catchments.isComplete || catchments.dragged) return;
    if (catchments.isToFit || !view.map) this.#shapes.showAll();
    catchments.isToFit = false;
  }

  /** The catchment that the panel of a unit asked for. */
  #showSection(session: Session): void {
    this.#scenario.update(null);
    this.#pins.update(NOWHERE);
    const answer = ready(session.catchment);
    this.#shapes.update(answer && this.#bands(answer, null, language()));
    const isNew = answer !== null && answer !== this.#sectionShown;
    this.#sectionShown = answer;
    if (isNew && (session.isCatchmentNew || !session.view.map)) this.#shapes.showAll();
  }

  #outlines({ catchments, view }: Session): readonly Outline[] | null {
    const difference = ready(catchments.difference);
    if (difference) return this.#difference(difference);
    const { shown } = catchments;
    if (shown.length > 1) return this.#comparison(shown.length, view.question.band, language(), ...shown);
    return shown[0] ? this.#bands(shown[0], view.question.band, language()) : null;
  }

  #marked({ catchments, points, view }: Session): (Marked | null)[] {
    const { places } = view.question;
    return places.map((place, i) => {
      const answer = catchments.shown[i] ?? null;
      const unit = place.kind === "unit" ? (points?.ids.indexOf(place.id) ?? -1) : -1;
      const at: Position | null =
        place.kind === "point"
          ? [place.lon, place.lat]
          : unit >= 0
            ? [points!.lon[unit]!, points!.lat[unit]!]
            : (answer?.catchment.origin ?? null);
      const name = placeName(place, answer, unit >= 0 ? points!.address[unit]! : null);
      return at && { at, name: t("catchment.pin", { letter: LETTERS[i]!, name }) };
    });
  }

  #drop(index: number, [lon, lat]: Position): void {
    const session = this.#session;
    if (!session) return;
    session.catchments.drop();
    const places = session.view.question.places.map((place, i) => (i === index ? pointAt(lon, lat) : place));
    session.ask({ places }, "push", true);
  }
}
