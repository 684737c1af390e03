/** Keeps the page of street rounds for when there is no reception. The map itself is left alone. */

interface Waiting extends Event {
  waitUntil(done: Promise<unknown>): void;
}
interface Asked extends Waiting {
  request: Request;
  respondWith(answer: Promise<Response>): void;
}
interface Worker {
  registration: { scope: string };
  clients: { claim(): Promise<void> };
  skipWaiting(): Promise<void>;
  addEventListener(name: "install" | "activate", act: (event: Waiting) => void): void;
  addEventListener(name: "fetch", act: (event: Asked) => void): void;
}

// Filled in by the build: every file of the page, and a name that changes when one of them does.
const FILES = JSON.parse("__ROUND_FILES__") as string[];
const PREFIX = "kernkaart-round-";
const CACHE = `${PREFIX}__ROUND_VERSION__`;
const PAGE = "round.html";
const worker = self as unknown as Worker;

async function install(): Promise<void> {
  const cache = await caches.open(CACHE);
  // Not from the browser's own cache: a page of before an update would be kept until the next one.
  await cache.addAll(FILES.map((file) => new Request(file, { cache: "reload" })));
  await worker.skipWaiting();
}

async function activate(): Promise<void> {
  const names = await caches.keys();
  await Promise.all(
    names.filter((name) => name.startsWith(PREFIX) && name !== CACHE).map((name) => caches.delete(name)),
  );
  await worker.clients.claim();
}

async function answer(request: Request): Promise<Response> {
  const cache = await caches.open(CACHE);
  const kept = await cache.match(request.mode === "navigate" ? PAGE : request, { ignoreSearch: true });
  return kept ?? fetch(request);
}

worker.addEventListener("install", (event) => event.waitUntil(install()));
worker.addEventListener("activate", (event) => event.waitUntil(activate()));
worker.addEventListener("fetch", (event) => {
  const { request } = event;
  const base = new URL(".", worker.registration.scope);
  // What others saw must never come from a cache.
  const isOurs = request.url.startsWith(base.href) && !request.url.startsWith(`${base.href}api/`);
  if (request.method === "GET" && isOurs) event.respondWith(answer(request));
});
