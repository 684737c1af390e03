import "./ui/tokens.css";
import "./ui/state-message.ts";
import "./round/change.ts";
import "./round/strip.ts";
import "./round/sync-bar.ts";
import "./round/street-list.ts";
import "./round/unit-card.ts";
import "./round/phone-app.ts";

// Only where the browser lets pages be kept: elsewhere the page says that it must stay open.
if ("serviceWorker" in navigator && import.meta.env.PROD) {
  void navigator.serviceWorker.register("./round-worker.js", { scope: "./round.html" });
}
