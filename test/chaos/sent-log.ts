import type { ChaosClient, Outcome } from './chaos-client.ts';

/** A message, with what its author was told about it; no outcome yet while the author waits. */
export type SentRecord = {
  readonly author: string;
  readonly text: string;
  /** The connection that it was sent on, where it was sent once. */
  readonly connection: number;
  readonly isOnOne: boolean;
  readonly outcome: Outcome | null;
  /** How long the author waited for the outcome. */
  readonly ms: number;
};

/** All messages that were sent, those of each author in order. */
export class SentLog {
  readonly records: SentRecord[] = [];
  readonly #now: () => number;

  constructor(now: () => number) {
    this.#now = now;
  }

  async send(client: ChaosClient, text: string): Promise<Outcome> {
    const index = this.records.length;
    const begun = this.#now();
    const { name: author, connection } = client;
    this.records.push({ author, text, connection, isOnOne: false, outcome: null, ms: 0 });
    const outcome = await client.send(text);
    const isOnOne = client.connection === connection;
    this.records[index] = { author, text, connection, isOnOne, outcome, ms: this.#now() - begun };
    return outcome;
  }
}
