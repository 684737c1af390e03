import type { SharingShop } from "../api/branches.ts";

/** The shops that a new one would share people with: what the table and the map show together. */
class SharingStore extends EventTarget {
  shops: readonly SharingShop[] = [];

  show(shops: readonly SharingShop[]): void {
    this.shops = shops;
    this.dispatchEvent(new Event("change"));
  }
}

export const sharingStore = new SharingStore();
/** The band of the three that the map and the order of the table go by. */
export const MIDDLE = 1;
