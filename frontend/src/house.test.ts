import { expect, it } from "vitest";

const ALL = import.meta.glob<string>("./**/*.{ts,css}", { query: "?raw", import: "default", eager: true });
const CODE = Object.entries(ALL).filter(([path]) => path.endsWith(".ts") && !path.endsWith(".test.ts"));
const SHARED = ["api", "map", "text", "ui"];
const WIRING = ["app", ""];

function roomOf(path: string): string {
  const parts = path.replace("./", "").split("/");
  return parts.length > 1 ? parts[0]! : "";
}

/** The files a file imports, written from the root as it is. */
function importsOf(path: string, text: string): string[] {
  return [...text.matchAll(/from "(\.[^"]+)"/g)].map(
    ([, target]) => `.${new URL(target!, `http://root${path.slice(1)}`).pathname}`,
  );
}

it("never lets a subject import another subject's inside", () => {
  const wrong = CODE.filter(([path]) => !WIRING.includes(roomOf(path))).flatMap(([path, text]) =>
    importsOf(path, text)
      .filter((target) => ![roomOf(path), ...SHARED].includes(roomOf(target)))
      .map((target) => `${path} -> ${target}`),
  );
  expect(wrong).toEqual([]);
});

it("never lets the shared rooms know a subject", () => {
  const wrong = CODE.filter(([path]) => SHARED.includes(roomOf(path))).flatMap(([path, text]) =>
    importsOf(path, text)
      .filter((target) => !SHARED.includes(roomOf(target)))
      .map((target) => `${path} -> ${target}`),
  );
  expect(wrong).toEqual([]);
});

it("keeps files small", () => {
  // Texts grow with what is shown; the types are those of the whole API until they are generated.
  const mayGrow = /\/text\/(nl|fr|en)\.ts$|\/api\/types\.ts$/;
  const long = Object.entries(ALL).filter(
    ([path, text]) => !mayGrow.test(path) && text.split("\n").length > 310,
  );
  expect(long.map(([path]) => path)).toEqual([]);
});

it("asks no other server unless the user chooses its map", () => {
  const addressed = CODE.filter(([, text]) => /["'`]https?:\/\//.test(text)).map(([path]) => path);
  expect(addressed).toEqual(["./map/public-bases.ts"]);
});

it("gives no two elements one name", () => {
  const names = CODE.flatMap(([, text]) =>
    [...text.matchAll(/@customElement\("([^"]+)"\)/g)].map((found) => found[1]),
  );
  expect(names.filter((name, index) => names.indexOf(name) !== index)).toEqual([]);
});
