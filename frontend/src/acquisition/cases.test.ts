import { afterEach, expect, it, vi } from "vitest";
import type { Case, CaseDetail, CaseState, CaseStep } from "../api/cases.ts";
import { setLanguage } from "../text/index.ts";
import { factText } from "./fact-text.ts";
import {
  caseStore,
  filterCases,
  isPlain,
  NO_CASE_FILTERS,
  sideways,
  takesLeaseBack,
  undoOf,
} from "./store.ts";

afterEach(() => {
  vi.unstubAllGlobals();
});

function aCase(more: Partial<Case>): Case {
  return {
    id: 1,
    nis_code: "31004",
    title: "Bakker",
    prospect_name: null,
    branch_code: null,
    is_wished: null,
    min_m2: null,
    max_m2: null,
    max_rent_eur_per_month: null,
    needs: [],
    origin: "unknown",
    acts: "city",
    handled_by: null,
    next_action: null,
    next_action_on: null,
    state: "contacted",
    resumes_at: null,
    hold_until: null,
    loss_reason: null,
    signed_on: null,
    signed_unit_id: null,
    is_temporary: false,
    opened_on: null,
    due_on: null,
    last_contact_at: null,
    version: 1,
    changed_at: "2026-01-01T00:00:00Z",
    changed_by: "An",
    units: [],
    steps: [],
    ...more,
  };
}

const step = (to: CaseState, way: CaseStep["way"], needs: string[] = []): CaseStep => ({ to, way, needs });

it("leaves closed cases out until they are asked for", () => {
  const items = [aCase({}), aCase({ id: 2, state: "lost" }), aCase({ id: 3, state: "aftercare" })];
  expect(filterCases(items, NO_CASE_FILTERS).map(({ id }) => id)).toEqual([1]);
  expect(filterCases(items, { ...NO_CASE_FILTERS, closed: true })).toHaveLength(3);
});

it("finds a case by its title, its prospect or the address of a candidate", () => {
  const unit = { address: "Kerkstraat 4" } as Case["units"][number];
  const items = [aCase({ units: [unit] }), aCase({ id: 2, prospect_name: "De Goudkorst", acts: "owner" })];
  const ids = (patch: object) => filterCases(items, { ...NO_CASE_FILTERS, ...patch }).map(({ id }) => id);
  expect(ids({ text: "kerkstraat" })).toEqual([1]);
  expect(ids({ text: "goudkorst" })).toEqual([2]);
  expect(ids({ acts: "owner" })).toEqual([2]);
  expect(ids({ handledBy: "An" })).toEqual([]);
});

it("moves a case one column to the right, and back to the column before", () => {
  const steps = [
    step("in_dialogue", "forward"),
    step("on_hold", "side", ["hold_until"]),
    step("qualified", "back"),
    step("contacted", "back"),
  ];
  expect(sideways(aCase({ steps }), "forward")?.to).toBe("in_dialogue");
  expect(sideways(aCase({ steps }), "back")?.to).toBe("contacted");
  expect(sideways(aCase({ steps: [step("qualified", "resume")] }), "forward")?.to).toBe("qualified");
  expect(sideways(aCase({}), "back")).toBeNull();
});

it("asks before a step that needs something, and only then", () => {
  expect(isPlain(step("visited", "forward"))).toBe(true);
  expect(isPlain(step("qualified", "forward", ["m2"]))).toBe(false);
  expect(isPlain(step("signed", "forward"))).toBe(false);
  expect(isPlain(step("signed", "back"))).toBe(true);
});

it("writes facts as a person reads them", () => {
  setLanguage("en");
  expect(factText("is_wished", true)).toBe("Yes");
  expect(factText("min_m2", 1200)).toBe("1,200\u00a0m²");
  expect(factText("max_rent_eur_per_month", 1500)).toBe("€1,500");
  expect(factText("needs", [])).toBe("–");
  expect(factText("next_action_on", "2026-03-01")).toBe("1 March 2026");
  expect(factText("title", null)).toBe("unknown");
  setLanguage("nl");
});

it("knows which step back empties the unit again", () => {
  const signed = aCase({ state: "opened", signed_on: "2026-01-01" });
  expect(takesLeaseBack(signed, step("negotiation", "back"))).toBe(true);
  expect(takesLeaseBack(signed, step("fit_out", "back"))).toBe(false);
  expect(takesLeaseBack(aCase({}), step("qualified", "back"))).toBe(false);
});

const aDetail = (more: object) => ({ ...aCase({}), version: 3, can_undo: true, ...more }) as CaseDetail;

it("offers to take back only what can be taken back", () => {
  expect(undoOf("Done")(aDetail({})).undo).not.toBeNull();
  expect(undoOf("Done")(aDetail({ can_undo: false }))).toEqual({ text: "Done", undo: null });
});

it("keeps a case that was begun for the municipality it was begun in, and for no other", () => {
  answering([]);
  caseStore.begin("31004", { id: 7, address: "Kerkstraat 4" });
  caseStore.open("31004");
  expect(caseStore.beginning?.unit?.id).toBe(7);
  caseStore.open("31022");
  expect(caseStore.beginning).toBeNull();
});

it("asks for the cases again when somebody comes back, and shows the old ones until they come", async () => {
  const asked = answering([aCase({})]);
  caseStore.open("34040");
  await vi.waitFor(() => expect(caseStore.list.status).toBe("ready"));
  answering([aCase({}), aCase({ id: 2 })]);
  caseStore.open("34040");
  expect(asked).toHaveBeenCalledTimes(1);
  expect(caseStore.shown).toHaveLength(1);
  await vi.waitFor(() => expect(caseStore.shown).toHaveLength(2));
});

it("does once what is pressed twice, and again when its answer came, well or not", async () => {
  answering([]);
  const answers: ((value: string) => void)[] = [];
  const add = vi.fn(() => new Promise<string>((resolve) => answers.push(resolve)));
  const first = caseStore.act(add, undefined, "add");
  expect(await caseStore.act(add, undefined, "add")).toBeNull();
  expect(add).toHaveBeenCalledTimes(1);
  const other = caseStore.act(() => Promise.resolve("other"), undefined, "step 7");
  expect(await other).toBe("other");
  answers[0]!("made");
  expect(await first).toBe("made");
  const fails = () => Promise.reject(new Error("no"));
  expect(await caseStore.act(fails, undefined, "add")).toBeNull();
  expect(caseStore.error).toBeInstanceOf(Error);
  expect(await caseStore.act(() => Promise.resolve("made"), undefined, "add")).toBe("made");
  expect(caseStore.error).toBeNull();
});

function answering(items: readonly Case[]) {
  const fetch = vi.fn(() => Promise.resolve(Response.json({ today: "2026-01-01", items })));
  vi.stubGlobal("fetch", fetch);
  return fetch;
}
