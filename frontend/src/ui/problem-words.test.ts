import { afterEach, expect, it } from "vitest";
import { ApiError } from "../api/client.ts";
import { setLanguage } from "../text/index.ts";
import { problemWords } from "./problem-words.ts";

const SAID = ["Conflict", "Break 3 is of 2020-01-01.", "Correct that one."] as const;

afterEach(() => setLanguage("nl"));

it("tells a refusal that has a code in the language of the reader, with its day as it is written there", () => {
  const error = new ApiError(409, ...SAID, "break_taken", { on: "2020-01-01" });
  expect(problemWords(error).detail).toBe("Er is al een breuk van die soort op 1 januari 2020.");
  setLanguage("fr");
  expect(problemWords(error).detail).toContain("1 janvier 2020");
  expect(problemWords(error).wayOut).toContain("Corrigez");
});

it("gives the words of the server where it knows no code, or one of a newer server", () => {
  for (const code of [null, "of_next_year"]) {
    expect(problemWords(new ApiError(409, ...SAID, code))).toEqual({ detail: SAID[1], wayOut: SAID[2] });
  }
  expect(problemWords(new ApiError(409, "Conflict", null, null)).detail).toBe("Conflict");
});
