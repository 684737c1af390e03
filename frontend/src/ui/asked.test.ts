import type { ReactiveController } from "lit";
import { describe, expect, it } from "vitest";
import { Asked, Done } from "./asked.ts";

class Host {
  controllers: ReactiveController[] = [];
  drawn = 0;
  updateComplete = Promise.resolve(true);
  addController(controller: ReactiveController) {
    this.controllers.push(controller);
  }
  removeController() {}
  requestUpdate() {
    this.drawn += 1;
  }
}

function waiting<T>() {
  let resolve!: (value: T) => void;
  let reject!: (error: unknown) => void;
  const promise = new Promise<T>((yes, no) => {
    resolve = yes;
    reject = no;
  });
  return { promise, resolve, reject };
}

describe("what an element asks", () => {
  it("goes through each state, and each is drawn", async () => {
    const host = new Host();
    const reply = waiting<number>();
    const asked = new Asked(host, () => reply.promise);
    expect(asked.draw(String, "wait")).toBe("wait");
    const done = asked.anew();
    expect(asked.answer.status).toBe("loading");
    reply.resolve(3);
    await done;
    expect([asked.value, asked.draw(String, "wait")]).toEqual([3, "3"]);
    expect(host.drawn).toBeGreaterThan(1);
  });

  it("forgets an answer that comes after a later question", async () => {
    const replies = [waiting<string>(), waiting<string>()];
    const signals: AbortSignal[] = [];
    const asked = new Asked(new Host(), (signal) => replies[signals.push(signal) - 1]!.promise);
    const first = asked.anew();
    const second = asked.anew();
    expect(signals.map((signal) => signal.aborted)).toEqual([true, false]);
    replies[1]!.resolve("second");
    replies[0]!.resolve("first");
    await Promise.all([first, second]);
    expect(asked.value).toBe("second");
  });

  it("keeps what is shown while the same is asked again, and not when something else is", async () => {
    const asked = new Asked(new Host(), () => Promise.resolve(1));
    await asked.anew();
    const again = asked.again();
    expect(asked.value).toBe(1);
    await again;
    const anew = asked.anew();
    expect(asked.value).toBeNull();
    await anew;
  });

  it("tells what went wrong, and nothing once its element is gone", async () => {
    const host = new Host();
    let reply = waiting<number>();
    const asked = new Asked(host, () => reply.promise);
    const failing = asked.anew();
    reply.reject(new Error("no"));
    await failing;
    expect(asked.answer).toEqual({ status: "error", error: new Error("no") });

    reply = waiting();
    const last = asked.anew();
    asked.hostDisconnected();
    reply.resolve(5);
    await last;
    expect(asked.answer.status).toBe("loading");
    // Back on the page it asks once more.
    reply = waiting();
    asked.hostConnected();
    reply.resolve(6);
    await reply.promise;
    await Promise.resolve();
    expect(asked.value).toBe(6);
  });

  it("shows nothing while there is nothing to ask", async () => {
    const asked = new Asked<number>(new Host(), () => null);
    await asked.anew();
    expect(asked.answer.status).toBe("idle");
  });
});

describe("what an element does", () => {
  it("is busy meanwhile, and keeps what went wrong until it goes well", async () => {
    const done = new Done(new Host());
    const going = done.run(() => Promise.reject(new Error("no")));
    expect(done.isBusy).toBe(true);
    expect(await going).toBe(false);
    expect([done.isBusy, (done.error as Error).message]).toEqual([false, "no"]);
    expect(await done.run(() => Promise.resolve())).toBe(true);
    expect(done.error).toBeNull();
  });
});
