import { type DBSchema, type IDBPDatabase, openDB } from "idb";
import type { RoundPackage, RoundSeen } from "../api/types.ts";
import type { Kept } from "./observing.ts";

/** A photograph on its way: made smaller and without its place before it came here. */
export interface KeptPhoto {
  uid: string;
  round: number;
  unit: number;
  officer: string;
  /** The observation it was first sent with; sent again it goes with the same one. */
  observation: string | null;
  /** Empty once the server has it. */
  jpeg: ArrayBuffer | null;
  sent: Kept["sent"];
  refusal: string | null;
}

interface Layout extends DBSchema {
  packages: { key: number; value: RoundPackage & { id: number } };
  observations: { key: string; value: Kept; indexes: { round: number } };
  photos: { key: string; value: KeptPhoto; indexes: { round: number } };
  seen: { key: number; value: { id: number; items: RoundSeen[] } };
  settings: { key: string; value: string };
}

/** The phone has no room left; what was there is still there. */
export class StoreFull extends Error {}

/** All that a phone keeps of rounds. Nothing is taken out of it but by the officer, and only when all was sent. */
export class RoundStore {
  #db: IDBPDatabase<Layout>;

  private constructor(db: IDBPDatabase<Layout>) {
    this.#db = db;
  }

  static async open(): Promise<RoundStore> {
    const db = await openDB<Layout>("kernkaart-round", 1, {
      upgrade(made) {
        made.createObjectStore("packages", { keyPath: "id" });
        made.createObjectStore("observations", { keyPath: "uid" }).createIndex("round", "round");
        made.createObjectStore("photos", { keyPath: "uid" }).createIndex("round", "round");
        made.createObjectStore("seen", { keyPath: "id" });
        made.createObjectStore("settings");
      },
    });
    return new RoundStore(db);
  }

  packages(): Promise<RoundPackage[]> {
    return this.#db.getAll("packages");
  }

  package(round: number): Promise<RoundPackage | undefined> {
    return this.#db.get("packages", round);
  }

  keepPackage(given: RoundPackage): Promise<void> {
    return this.#write(async () => {
      const change = this.#db.transaction(["packages", "seen"], "readwrite");
      await change.objectStore("packages").put({ ...given, id: given.round.id });
      await change.objectStore("seen").put({ id: given.round.id, items: given.seen });
      await change.done;
    });
  }

  async observations(round: number): Promise<Kept[]> {
    const all = await this.#db.getAllFromIndex("observations", "round", round);
    return all.sort((a, b) => a.number - b.number);
  }

  photos(round: number): Promise<KeptPhoto[]> {
    return this.#db.getAllFromIndex("photos", "round", round);
  }

  /** All of a tap or nothing of it. */
  keep(observations: readonly Kept[]): Promise<void> {
    return this.#write(async () => {
      const change = this.#db.transaction("observations", "readwrite", { durability: "strict" });
      await Promise.all(observations.map((one) => change.store.put(one)));
      await change.done;
    });
  }

  keepPhoto(photo: KeptPhoto): Promise<void> {
    return this.#write(() => this.#db.put("photos", photo));
  }

  /** Note what became of observations; what they say does not change. */
  async mark(uids: readonly string[], sent: Kept["sent"], refusal: string | null = null): Promise<void> {
    const change = this.#db.transaction("observations", "readwrite", { durability: "strict" });
    for (const uid of uids) {
      const one = await change.store.get(uid);
      if (one) await change.store.put({ ...one, sent, refusal });
    }
    await change.done;
  }

  async seen(round: number): Promise<RoundSeen[]> {
    return (await this.#db.get("seen", round))?.items ?? [];
  }

  keepSeen(round: number, items: RoundSeen[]): Promise<void> {
    return this.#write(() => this.#db.put("seen", { id: round, items }));
  }

  setting(name: string): Promise<string | undefined> {
    return this.#db.get("settings", name);
  }

  set(name: string, value: string): Promise<void> {
    return this.#write(() => this.#db.put("settings", value, name));
  }

  async #write(act: () => Promise<unknown>): Promise<void> {
    try {
      await act();
    } catch (error) {
      if (error instanceof DOMException && error.name === "QuotaExceededError") throw new StoreFull();
      throw error;
    }
  }
}
