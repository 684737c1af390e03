import { loadEnv } from "vite";
import { defineConfig } from "vitest/config";

export default defineConfig(({ mode }) => {
  const { KERNKAART_API = "http://127.0.0.1:8000" } = loadEnv(mode, ".", "KERNKAART_");
  const proxy = { "/api": KERNKAART_API };
  return {
    base: "./",
    build: {
      target: "es2022",
      // Files of their own, also the small ones: a strict content policy allows no data: addresses.
      assetsInlineLimit: 0,
    },
    server: { proxy },
    preview: { proxy },
    test: { include: ["src/**/*.test.ts"], environment: "node" },
  };
});
