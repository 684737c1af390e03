import type { Plugin } from "vite";

/** Beside what its scripts and styles name: the page itself, and what its head names. */
const ALWAYS = ["round.html", "icon.svg", "round.webmanifest", "round-192.png"];

/** Tells the worker of the street round which files its page consists of, and a version that changes with them. */
export function roundWorker(): Plugin {
  return {
    name: "kernkaart-round-worker",
    enforce: "post",
    async generateBundle(_options, bundle) {
      const worker = bundle["round-worker.js"];
      const page = Object.values(bundle).find((file) => file.type === "chunk" && file.name === "round");
      if (worker?.type !== "chunk" || page?.type !== "chunk")
        throw new Error("the street round was not built");
      const files = new Set(ALWAYS);
      const take = (name: string) => {
        if (files.has(name)) return;
        files.add(name);
        const file = bundle[name];
        if (file?.type !== "chunk") return;
        const { importedAssets, importedCss } = file.viteMetadata ?? {};
        for (const other of [...file.imports, ...(importedAssets ?? []), ...(importedCss ?? [])]) take(other);
      };
      take(page.fileName);
      // Fonts are named by styles only.
      for (const file of Object.values(bundle)) {
        if (file.type === "asset" && file.fileName.endsWith(".woff2")) files.add(file.fileName);
      }
      const listed = [...files].sort();
      const html = bundle["round.html"];
      const content = JSON.stringify([
        listed,
        html?.type === "asset" ? String(html.source) : "",
        worker.code,
      ]);
      const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(content));
      const version = [...new Uint8Array(digest)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
      worker.code = worker.code
        .replace("__ROUND_FILES__", JSON.stringify(listed).replaceAll('"', '\\"'))
        .replace("__ROUND_VERSION__", version.slice(0, 12));
    },
  };
}
