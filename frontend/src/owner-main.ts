import "./ui/tokens.css";
import "./ui/state-message.ts";
import "./ui/skeleton.ts";
import "./card/owner-form.ts";
