import { describe, expect, it } from "vitest";
import { apiUrl } from "../api/client.ts";
import {
  catchmentQuery,
  changed,
  NO_QUESTION,
  parametersOf,
  pointAt,
  type Question,
  questionOf,
  readQuestion,
} from "./question.ts";

const read = (text: string) => readQuestion(new URLSearchParams(text));

describe("a question in an address", () => {
  it("ignores what makes no sense instead of failing on it", () => {
    expect(
      read(
        "at=unit:x;point:3;point:300,1;shop:4&mode=plane&minutes=a,-5&closed=b&barrier=3,51&stored=&band=x",
      ),
    ).toEqual(NO_QUESTION);
  });

  it("takes four places at most and six bands, in order and once each", () => {
    const question = read("at=unit:1;unit:2;unit:3;unit:4;unit:5&metres=900,300,300,600,1,2,3,4");
    expect(question.places).toHaveLength(4);
    expect(question.bands).toEqual([1, 2, 3, 4, 300, 600]);
    expect(question.unit).toBe("metres");
  });

  it("keeps the sign that parts places out of their names", () => {
    expect(pointAt(3.123456789, 51.2, "Markt 1; bus: A")).toEqual({
      kind: "point",
      lon: 3.12346,
      lat: 51.2,
      label: "Markt 1  bus  A",
    });
  });
});

describe("what the server is asked", () => {
  const question: Question = {
    ...NO_QUESTION,
    unit: "metres",
    bands: [400, 800],
    closed: [7, 8],
    barriers: [
      [
        [3, 51],
        [3.1, 51],
      ],
      [
        [4, 51],
        [4.1, 51],
      ],
    ],
  };

  it("names the place, the bands in their unit and each barrier", () => {
    expect(decodeURIComponent(apiUrl("catchment", catchmentQuery(question, { kind: "parcel", id: 4 })))).toBe(
      "api/catchment?parcel=4&mode=walk&direction=towards&metres=400,800&closed=7,8&barrier=3,51;3.1,51&barrier=4,51;4.1,51",
    );
  });

  it("comes back from what was stored", () => {
    const asked: Question = { ...question, places: [pointAt(3, 51)], mode: "car", rings: true };
    const stored = { id: 3, run: null };
    expect(questionOf(parametersOf(asked, asked.places[0]!), stored)).toEqual({ ...asked, stored });
  });
});

describe("a changed question", () => {
  const opened: Question = { ...NO_QUESTION, stored: { id: 3, run: null }, versus: { id: 4, run: null } };

  it("leaves a stored catchment when it asks something else", () => {
    expect(changed(opened, { mode: "car" })).toMatchObject({ mode: "car", stored: null, versus: null });
  });

  it("stays with it while only another band is read", () => {
    expect(changed(opened, { band: 5 })).toMatchObject({ band: 5, stored: { id: 3 }, versus: { id: 4 } });
  });
});
