import type { RoundObservationIn, RoundSeen, RoundStatus, RoundStop } from "../api/types.ts";

/** An observation on its way: it stays on the phone, also after the server has it. */
export interface Kept extends RoundObservationIn {
  round: number;
  /** Taps that belong together (the rest of a street) are taken back together. */
  tap: string;
  /** The order in which taps were made on this phone, whatever its clock does. */
  number: number;
  /** The observation whose words these are: itself, or an earlier one that an undo brought back. */
  origin: string;
  sent: "waiting" | "sent" | "refused";
  /** Why the server will not have it; it stays here until the desk has seen to it. */
  refusal: string | null;
}

/** What an officer says of one unit. */
export interface Said {
  status: RoundStatus;
  branch_code?: string | null;
  occupant_name?: string | null;
  note?: string | null;
}

export interface Maker {
  round: number;
  officer: string;
  now: () => Date;
  uid: () => string;
}

/** The last word of one officer on each unit: replaced and taken-back observations say nothing any more. */
export function lastWords(kept: readonly Kept[], officer: string): Map<number, Kept> {
  const replaced = new Set(kept.map((one) => one.supersedes));
  const words = new Map<number, Kept>();
  for (const one of kept) {
    if (one.officer !== officer || one.status === "new_unit" || replaced.has(one.uid)) continue;
    if (one.status !== "withdrawn") words.set(one.unit, one);
  }
  return words;
}

function nextNumber(kept: readonly Kept[]): number {
  return kept.reduce((most, one) => Math.max(most, one.number), 0) + 1;
}

/** One tap: an observation for each stop; what the officer said of it before is replaced. */
export function tap(
  kept: readonly Kept[],
  stops: readonly RoundStop[],
  said: Said,
  maker: Maker,
  isBulk = false,
): Kept[] {
  const words = lastWords(kept, maker.officer);
  const key = maker.uid();
  const number = nextNumber(kept);
  return stops
    .map((stop) => ({ stop, uid: maker.uid() }))
    .map(({ stop, uid }) => ({
      uid,
      origin: uid,
      unit: stop.unit_id,
      officer: maker.officer,
      status: said.status,
      branch_code: said.branch_code || null,
      occupant_name: said.occupant_name?.trim() || null,
      note: said.note?.trim() || null,
      is_bulk: isBulk,
      observed_at: maker.now().toISOString(),
      supersedes: said.status === "new_unit" ? null : (words.get(stop.unit_id)?.uid ?? null),
      base_state: stop.state,
      base_occupant_name: stop.occupant_name,
      base_branch_code: stop.branch_code,
      round: maker.round,
      tap: key,
      number,
      sent: "waiting",
      refusal: null,
    }));
}

/** The observations of the last tap that still stand; none when there is nothing to take back. */
export function lastTap(kept: readonly Kept[], officer: string): Kept[] {
  const replaced = new Set(kept.map((one) => one.supersedes));
  const standing = kept.filter(
    (one) => one.officer === officer && one.status !== "withdrawn" && !replaced.has(one.uid),
  );
  const last = standing.reduce((most, one) => Math.max(most, one.number), 0);
  return standing.filter((one) => one.number === last);
}

/** Take back the last tap: what was said before it holds again, else nothing does. */
export function undo(kept: readonly Kept[], maker: Maker): Kept[] {
  const known = new Map(kept.map((one) => [one.uid, one]));
  const wordsOf = (uid: string | null | undefined) => known.get(known.get(uid ?? "")?.origin ?? "");
  return lastTap(kept, maker.officer).map((one) => {
    const before = wordsOf(known.get(one.origin)?.supersedes);
    const uid = maker.uid();
    const shared = { uid, supersedes: one.uid, sent: "waiting" as const, refusal: null };
    if (before) return { ...before, ...shared };
    const nothing = { status: "withdrawn" as const, branch_code: null, occupant_name: null, note: null };
    return { ...one, ...nothing, ...shared, origin: uid, observed_at: maker.now().toISOString() };
  });
}

export interface Progress {
  seen: number;
  total: number;
}

export type SeenUnits = ReadonlySet<number>;

/** Units of which this officer or, as far as this phone knows, another one has said something. */
export function seenUnits(
  words: ReadonlyMap<number, Kept>,
  others: readonly RoundSeen[],
  officer: string,
): SeenUnits {
  const elsewhere = others.filter((one) => one.officer !== officer).map((one) => one.unit_id);
  return new Set([...words.keys(), ...elsewhere]);
}

export function progress(stops: readonly RoundStop[], seen: SeenUnits): Progress {
  return { seen: stops.filter((stop) => seen.has(stop.unit_id)).length, total: stops.length };
}

export function stopsOf(stops: readonly RoundStop[], street: string): RoundStop[] {
  return stops.filter((stop) => stop.street === street).sort((a, b) => a.position - b.position);
}

/** The next stop nobody has seen, onwards from a place in the walk and then from its beginning. */
export function nextStop(stops: readonly RoundStop[], seen: SeenUnits, after: number): RoundStop | null {
  const open = stops.filter((stop) => !seen.has(stop.unit_id));
  return open.find((stop) => stop.position > after) ?? open[0] ?? null;
}

/** What a press on "the rest is unchanged" would confirm: unseen, still there, and known to the register. */
export function restOf(stops: readonly RoundStop[], seen: SeenUnits): RoundStop[] {
  return stops.filter((stop) => !seen.has(stop.unit_id) && stop.state !== "unknown" && !stop.is_ended);
}

/** Only what the server knows of. */
export function toSend(one: Kept): RoundObservationIn {
  const {
    round: _round,
    tap: _tap,
    number: _number,
    origin: _origin,
    sent: _sent,
    refusal: _why,
    ...given
  } = one;
  return given;
}
