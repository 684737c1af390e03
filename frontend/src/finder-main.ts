import "leaflet/dist/leaflet.css";
import "./ui/tokens.css";
import "./ui/state-message.ts";
import "./ui/skeleton.ts";
import "./finder/finder-app.ts";
