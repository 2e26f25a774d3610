type Slot<T> = { filled: boolean; answer: T | null };

/** The answers of one connection, sent in the order of its requests (CONN-01). */
export class ReplyQueue<T> {
  readonly #send: (answer: T) => void;
  #queue: Slot<T>[] = [];

  /** Calls `send` with each answer, in the order of the requests. */
  constructor(send: (answer: T) => void) {
    this.#send = send;
  }

  /** The number of requests whose answer was not sent. */
  get open(): number {
    return this.#queue.length;
  }

  /** True while an answer waits for an earlier one. The events that its request caused must wait too (CONN-02). */
  get hasWaitingReply(): boolean {
    return this.#queue.length > 0 && this.#queue.some((slot) => slot.filled); // CONN-02
  }

  /** Reserves the next slot; the returned function fills it, once. `null` sends nothing. */
  reserve(): (answer: T | null) => void {
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
    for (let head = this.#queue[0]; head?.filled === true; head = this.#queue[0]) {
      this.#queue.shift(); // CONN-01
      if (head.answer !== null) this.#send(head.answer);
    }
  }
}
