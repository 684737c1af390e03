// @ts-expect-error The types of Node are no dependency of the pages.
import { readFile } from "node:fs/promises";
import type { Plugin } from "vite";

/** Ships Leaflet as it was published beside the pages: the server puts it whole into maps that are read without it. */
export function offlineLeaflet(): Plugin {
  return {
    name: "kernkaart-offline-leaflet",
    async generateBundle() {
      for (const name of ["leaflet.js", "leaflet.css"]) {
        const source = await readFile(new URL(`node_modules/leaflet/dist/${name}`, import.meta.url), "utf8");
        this.emitFile({ type: "asset", fileName: `offline/${name}`, source });
      }
    },
  };
}
