type Slot<T> = { filled: boolean; answer: T | null };

/** The answers of one connection in the order of its requests, whenever each of them is known (CONN-01). */
export class ReplyQueue<T> {
  readonly #send: (answer: T) => void;
  #queue: Slot<T>[] = [];

  /** `leave` takes each answer when its turn has come. */
  constructor(leave: (answer: T) => void) {
    this.#send = leave;
  }

  /** Requests that were taken and whose answer has not left. */
  get open(): number {
    return this.#queue.length;
  }

  /** True while an answer waits for an earlier one: what its request caused must wait too (CONN-02). */
  get blocked(): boolean {
    return this.#queue.length > 0 && this.#queue.some((slot) => slot.filled); // CONN-02
  }

  /** Takes the next slot; the function it returns fills it, once. `null` is an answer that says nothing. */
  take(): (answer: T | null) => void {
    const slot: Slot<T> = { filled: false, answer: null };
    this.#queue.push(slot);
    return (answer) => {
      if (slot.filled) throw new Error('a request was answered twice');
      slot.filled = true;
      slot.answer = answer;
      if (this.#queue[0] === slot) this.#release(); // CONN-01
    };
  }

  #release(): void {
    const unfilled = this.#queue.findIndex((slot) => !slot.filled);
    const ready = this.#queue.splice(0, unfilled === -1 ? this.#queue.length : unfilled); // CONN-01
    for (const { answer } of ready) if (answer !== null) this.#send(answer);
  }
}
