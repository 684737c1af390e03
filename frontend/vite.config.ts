import { loadEnv } from "vite";
import { defineConfig } from "vitest/config";
import { offlineLeaflet } from "./offline-build.ts";
import { roundWorker } from "./round-build.ts";

export default defineConfig(({ mode }) => {
  const { KERNKAART_API = "http://127.0.0.1:8000" } = loadEnv(mode, ".", "KERNKAART_");
  const proxy = { "/api": KERNKAART_API };
  return {
    base: "./",
    build: {
      target: "es2022",
      // Files of their own, also the small ones: a strict content policy allows no data: addresses.
      assetsInlineLimit: 0,
      rolldownOptions: {
        input: {
          index: "index.html",
          round: "round.html",
          "round-worker": "src/round-worker.ts",
          finder: "finder.html",
          owner: "owner.html",
        },
        output: {
          // A worker is found by its name, and rules over what lies below it.
          entryFileNames: ({ name }) => (name === "round-worker" ? "[name].js" : "assets/[name]-[hash].js"),
        },
      },
    },
    plugins: [roundWorker(), offlineLeaflet()],
    server: { proxy },
    preview: { proxy },
    test: { include: ["src/**/*.test.ts"], environment: "node" },
  };
});
