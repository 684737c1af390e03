import { describe, expect, it } from "vitest";
import type { RoundStop } from "../api/types.ts";
import {
  type Kept,
  lastTap,
  lastWords,
  type Maker,
  nextStop,
  progress,
  restOf,
  type Said,
  seenUnits,
  stopsOf,
  tap,
  toSend,
  undo,
} from "./observing.ts";

function stop(unit: number, more: Partial<RoundStop> = {}): RoundStop {
  return {
    unit_id: unit,
    position: unit - 1,
    street: "Markt",
    side: "left",
    address: `Markt ${unit}`,
    state: "occupied",
    occupant_name: `Winkel ${unit}`,
    branch_code: "bakery",
    last_branch_code: null,
    vacant_latest_on: null,
    last_seen_on: null,
    is_ended: false,
    x_m: 0,
    y_m: 0,
    ...more,
  };
}

/** A phone without a screen: every observation it ever made. */
class Phone {
  kept: Kept[] = [];
  #count = 0;
  constructor(readonly officer = "An") {}

  get maker(): Maker {
    const uid = () => {
      this.#count += 1;
      return `${this.officer}-${this.#count}`;
    };
    return {
      round: 1,
      officer: this.officer,
      now: () => new Date(Date.UTC(2026, 10, 28, 9, 0, this.#count)),
      uid,
    };
  }
  say(units: RoundStop[], said: Said, bulk = false) {
    this.kept.push(...tap(this.kept, units, said, this.maker, bulk));
  }
  undo() {
    this.kept.push(...undo(this.kept, this.maker));
  }
  words(): Record<number, string> {
    return Object.fromEntries(
      [...lastWords(this.kept, this.officer)].map(([unit, one]) => [unit, one.status]),
    );
  }
}

const ALL = [1, 2, 3, 4].map((unit) => stop(unit));

describe("a tap", () => {
  it("says what the register said when it was made, and waits to be sent", () => {
    const phone = new Phone();
    phone.say([ALL[0]!], { status: "occupied", occupant_name: "  Boek & Co ", branch_code: "books" });
    expect(phone.kept[0]).toMatchObject({
      unit: 1,
      status: "occupied",
      occupant_name: "Boek & Co",
      branch_code: "books",
      base_state: "occupied",
      base_occupant_name: "Winkel 1",
      supersedes: null,
      sent: "waiting",
      is_bulk: false,
    });
    // The server refuses what it does not know.
    expect(Object.keys(toSend(phone.kept[0]!)).sort()).toEqual(
      [
        ...[
          "uid",
          "unit",
          "officer",
          "status",
          "branch_code",
          "occupant_name",
          "note",
          "is_bulk",
          "observed_at",
        ],
        ...["supersedes", "base_state", "base_occupant_name", "base_branch_code"],
      ].sort(),
    );
  });

  it("replaces what the same officer said of the unit before, and nothing that another said", () => {
    const phone = new Phone();
    phone.say([ALL[0]!], { status: "same" });
    phone.say([ALL[0]!], { status: "vacant" });
    expect(phone.kept[1]!.supersedes).toBe(phone.kept[0]!.uid);
    expect(phone.words()).toEqual({ 1: "vacant" });
    const [other] = tap(phone.kept, [ALL[0]!], { status: "same" }, new Phone("Bo").maker);
    expect(other!.supersedes).toBeNull();
  });

  it("on a new unit says nothing of the one beside it", () => {
    const phone = new Phone();
    phone.say([ALL[0]!], { status: "same" });
    phone.say([ALL[0]!], { status: "new_unit", note: "ernaast" });
    expect(phone.kept[1]!.supersedes).toBeNull();
    expect(phone.words()).toEqual({ 1: "same" });
  });
});

describe("taking back", () => {
  it("leaves the unit unsaid, and keeps both observations", () => {
    const phone = new Phone();
    phone.say([ALL[0]!], { status: "vacant" });
    phone.undo();
    expect(phone.words()).toEqual({});
    expect(phone.kept.map((one) => one.status)).toEqual(["vacant", "withdrawn"]);
    expect(phone.kept[1]!.supersedes).toBe(phone.kept[0]!.uid);
    phone.undo();
    expect(phone.kept).toHaveLength(2);
  });

  it("brings back what was said before the tap", () => {
    const phone = new Phone();
    phone.say([ALL[0]!], { status: "same" });
    phone.say([ALL[0]!], { status: "vacant" });
    phone.undo();
    expect(phone.words()).toEqual({ 1: "same" });
    expect(phone.kept[2]!.supersedes).toBe(phone.kept[1]!.uid);
  });

  it("goes back tap by tap, a whole street at once where it was one press", () => {
    const phone = new Phone();
    phone.say([ALL[0]!], { status: "vacant" });
    phone.say(ALL.slice(1), { status: "same" }, true);
    expect(lastTap(phone.kept, "An")).toHaveLength(3);
    phone.undo();
    expect(phone.words()).toEqual({ 1: "vacant" });
    phone.undo();
    expect(phone.words()).toEqual({});
  });

  it("takes back a note of a new unit too", () => {
    const phone = new Phone();
    phone.say([ALL[0]!], { status: "new_unit", note: "kiosk" });
    phone.undo();
    expect(phone.kept[1]).toMatchObject({ status: "withdrawn", supersedes: phone.kept[0]!.uid, note: null });
  });
});

describe("the way", () => {
  const seen = new Set([1, 3]);

  it("goes to the next unit nobody saw, and from the end back to what was skipped", () => {
    expect(nextStop(ALL, seen, 0)!.unit_id).toBe(2);
    expect(nextStop(ALL, seen, 3)!.unit_id).toBe(2);
    expect(nextStop(ALL, new Set([1, 2, 3, 4]), 0)).toBeNull();
  });

  it("counts what another officer saw as seen, and one's own once", () => {
    const phone = new Phone();
    phone.say([ALL[0]!], { status: "same" });
    const others = [
      { unit_id: 2, officer: "Bo", status: "same" as const, observed_at: "", uid: "b" },
      {
        unit_id: 4,
        officer: "An",
        status: "same" as const,
        observed_at: "",
        uid: "from another phone of An",
      },
    ];
    const units = seenUnits(lastWords(phone.kept, "An"), others, "An");
    expect(progress(ALL, units)).toEqual({ seen: 2, total: 4 });
  });

  it("confirms of the rest only what the register knows and what is still there", () => {
    const mixed = [stop(1), stop(2), stop(3, { state: "unknown" }), stop(4, { is_ended: true })];
    expect(restOf(mixed, new Set([1])).map((one) => one.unit_id)).toEqual([2]);
  });

  it("keeps the stops of a street in walking order", () => {
    const mixed = [stop(3), stop(1, { street: "Kaai" }), stop(2)];
    expect(stopsOf(mixed, "Markt").map((one) => one.unit_id)).toEqual([2, 3]);
  });
});

it("ends in the same words whatever is tapped and taken back", () => {
  // A little machine of chance, the same at every run: an undo must restore exactly what was said before the tap.
  let seed = 7;
  const dice = (sides: number) => {
    seed = (seed * 1103515245 + 12345) % 2147483648;
    return seed % sides;
  };
  for (let walk = 0; walk < 50; walk += 1) {
    const phone = new Phone();
    const before: Record<number, string>[] = [];
    for (let step = 0; step < 12; step += 1) {
      if (dice(3) === 0 && before.length) {
        phone.undo();
        expect(phone.words()).toEqual(before.pop());
      } else {
        before.push(phone.words());
        const units = dice(4) === 0 ? ALL : [ALL[dice(4)]!];
        phone.say(units, { status: (["same", "vacant", "non_retail"] as const)[dice(3)]! });
      }
    }
    expect(new Set(phone.kept.map((one) => one.uid)).size).toBe(phone.kept.length);
  }
});
