import { api } from "../api/client.ts";
import type { Catchment, ShopUnitDetail } from "../api/types.ts";
import { language } from "../text/index.ts";
import { IDLE, type Loadable, load } from "../ui/loadable.ts";
import type { View } from "./view.ts";

/** What is known of the shop unit in view, and who reaches it. */
export class UnitData {
  unit: Loadable<ShopUnitDetail> = IDLE;
  catchment: Loadable<Catchment> = IDLE;
  readonly #tell: () => void;
  #unitAbort = new AbortController();
  #catchmentAbort = new AbortController();

  constructor(tell: () => void) {
    this.#tell = tell;
  }

  loadUnit({ unit }: View): void {
    this.#unitAbort.abort();
    this.#unitAbort = new AbortController();
    const { signal } = this.#unitAbort;
    if (unit === null) {
      this.unit = IDLE;
      return;
    }
    void load(
      () => api.shopUnit(unit, language(), signal),
      (value) => {
        this.unit = value;
        this.#tell();
      },
      signal,
    );
  }

  loadCatchment({ unit, catchment }: View): void {
    this.#catchmentAbort.abort();
    this.#catchmentAbort = new AbortController();
    const { signal } = this.#catchmentAbort;
    if (unit === null || catchment === null) {
      this.catchment = IDLE;
      return;
    }
    void load(
      () => api.catchment({ shop_unit: unit, mode: catchment, minutes: "5,10,15" }, signal),
      (value) => {
        this.catchment = value;
        this.#tell();
      },
      signal,
    );
  }
}
