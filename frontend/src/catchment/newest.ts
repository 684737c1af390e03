/**
 * Ask as fast as answers come, and no faster: one question is on its way at a time, the newest of those that
 * came meanwhile goes next, and what was asked in between is never asked.
 */
export class Newest<Question, Answer> {
  readonly #ask: (question: Question) => Promise<Answer>;
  readonly #answered: (question: Question, answer: Answer) => void;
  readonly #failed: (question: Question, error: unknown) => void;
  #waiting: { question: Question } | null = null;
  #isAsking = false;
  #turn = 0;

  constructor(
    ask: (question: Question) => Promise<Answer>,
    answered: (question: Question, answer: Answer) => void,
    failed: (question: Question, error: unknown) => void = () => undefined,
  ) {
    this.#ask = ask;
    this.#answered = answered;
    this.#failed = failed;
  }

  ask(question: Question): void {
    this.#waiting = { question };
    if (!this.#isAsking) void this.#run();
  }

  /** Nobody waits any more: an answer that still comes is dropped. */
  drop(): void {
    this.#waiting = null;
    this.#turn += 1;
  }

  async #run(): Promise<void> {
    this.#isAsking = true;
    while (this.#waiting) {
      const { question } = this.#waiting;
      const turn = this.#turn;
      this.#waiting = null;
      try {
        const answer = await this.#ask(question);
        if (turn === this.#turn) this.#answered(question, answer);
      } catch (error) {
        if (turn === this.#turn) this.#failed(question, error);
      }
    }
    this.#isAsking = false;
  }
}
