import { expect, it } from "vitest";
import { Newest } from "./newest.ts";

function slowServer() {
  const asked: number[] = [];
  const answers: [number, string][] = [];
  const failures: number[] = [];
  const waiting: { answer: (text: string) => void; fail: (error: Error) => void }[] = [];
  const newest = new Newest<number, string>(
    (question) => {
      asked.push(question);
      return new Promise((answer, fail) => waiting.push({ answer, fail }));
    },
    (question, answer) => answers.push([question, answer]),
    (question) => failures.push(question),
  );
  const settle = () => new Promise((done) => setTimeout(done));
  return { newest, asked, answers, failures, waiting, settle };
}

it("has one question on its way at a time, and asks the newest of those that came meanwhile", async () => {
  const { newest, asked, answers, waiting, settle } = slowServer();
  for (const question of [1, 2, 3]) newest.ask(question);
  expect(asked).toEqual([1]);
  waiting[0]!.answer("one");
  await settle();
  expect(asked).toEqual([1, 3]);
  waiting[1]!.answer("three");
  await settle();
  expect(answers).toEqual([
    [1, "one"],
    [3, "three"],
  ]);
});

it("drops an answer that nobody waits for any more", async () => {
  const { newest, asked, answers, waiting, settle } = slowServer();
  newest.ask(1);
  newest.ask(2);
  newest.drop();
  waiting[0]!.answer("late");
  await settle();
  expect(answers).toEqual([]);
  expect(asked).toEqual([1]);
  newest.ask(4);
  expect(asked).toEqual([1, 4]);
});

it("goes on after a failure", async () => {
  const { newest, answers, failures, waiting, settle } = slowServer();
  newest.ask(1);
  newest.ask(2);
  waiting[0]!.fail(new Error("no street"));
  await settle();
  waiting[1]!.answer("two");
  await settle();
  expect(failures).toEqual([1]);
  expect(answers).toEqual([[2, "two"]]);
});
