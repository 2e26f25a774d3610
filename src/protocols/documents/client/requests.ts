import type { Platform } from '../../../lib/platform.ts';
import type { Success, Up } from '../schema.ts';
import type { Answer, Channel, Outgoing } from './codec.ts';
import { DocumentsError, isPassing } from './error.ts';

type Request = Extract<Up, { type: 'request'; data: unknown }>;

/** The class of a request that has data. */
export type Class = Request['cls'];

/** What a request of this class says. */
export type DataOf<C extends Class> = Extract<Request, { cls: C }>['data'];

/** What is asked for, without an id. */
export type Question = { readonly cls: Class; readonly data: unknown } | { readonly cls: 'token' };

/** Gets the answer to a request, or why there is none. It is called once. */
export type Done = (answer: Success | DocumentsError) => void;

/** A request that has no answer yet and may be sent again. */
type Kept = { readonly question: Question; readonly done: Done };

/** Sent again with its id on a later connection of the session, such a request is not done twice. */
const REPEATABLE: ReadonlySet<string> = new Set(['add_child', 'remove_child', 'patch_content', 'register']);
/** How long to wait after a refusal that passes and does not say how long. */
const PAUSE_MS = 1_000;

/** The requests of one client, over all its connections. */
export class Requests {
  readonly #platform: Platform;
  readonly #prefix: string;
  #count = 0;
  #channel: Channel | null = null;
  #isClosed = false;
  /** By id, in the order in which they were sent first. */
  readonly #kept = new Map<string, Kept>();
  #cancelReconnect: () => void = () => {};

  constructor(platform: Platform) {
    this.#platform = platform;
    const digits = () => platform.random().toString(36).slice(2, 10);
    this.#prefix = `${digits()}${digits()}`;
  }

  /** Whether requests can be sent now. */
  get isOnline(): boolean {
    return this.#channel !== null && !this.#isClosed;
  }

  /** An id that no other request has, also not one of another run of the program. */
  newId(): string {
    return `${this.#prefix}-${++this.#count}`; // DOC-191
  }

  /**
   * Sends a request. `isRepeated`: an earlier run of the program may have sent it already, with this id. Throws a TypeError for
   * what the server could not read.
   */
  ask(question: Question, done: Done, id: string = this.newId(), isRepeated = false): void {
    if (this.#channel === null || this.#isClosed) return done(this.#notSent());
    this.#send(this.#channel, id, question, done, isRepeated);
    if (REPEATABLE.has(question.cls)) this.#kept.set(id, { question, done });
  }

  /** The same as a promise, which rejects with a DocumentsError. */
  promise(question: Question, id?: string): Promise<Success> {
    return new Promise((resolve, reject) => {
      this.ask(question, (answer) => (answer instanceof DocumentsError ? reject(answer) : resolve(answer)), id);
    });
  }

  /** Sends a message that has no answer, if the client is online. */
  tell(message: Extract<Outgoing, { type: 'notify' | 'result' }>): void {
    this.#channel?.send(message);
  }

  /** A connection is logged in. If its session is the one from before, requests without an answer are sent again. */
  connected(channel: Channel, isResumed: boolean): void {
    this.#channel = channel;
    const kept = [...this.#kept];
    if (isResumed) {
      for (const [id, { question, done }] of kept) this.#send(channel, id, question, done, true); // DOC-192
      return;
    }
    this.#kept.clear();
    for (const [, { done }] of kept) done(unknownOutcome()); // DOC-192
  }

  /** The connection is lost. */
  lost(): void {
    this.#channel = null;
    this.#cancelReconnect();
  }

  /** Takes no more requests; those that were sent may still be answered. */
  close(): void {
    this.#isClosed = true;
  }

  /** There will be no more connection. */
  end(): void {
    this.close();
    this.lost();
    for (const { done } of this.#kept.values()) done(unknownOutcome());
    this.#kept.clear();
  }

  #send(channel: Channel, id: string, question: Question, done: Done, isRepeated: boolean): void {
    const message = { type: 'request', ...question } as Outgoing;
    channel.request(message, (answer) => this.#answered(channel, id, answer, done, isRepeated), id);
  }

  #answered(channel: Channel, id: string, answer: Answer | null, done: Done, isRepeated: boolean): void {
    if (answer === null) {
      this.lost();
      if (!this.#kept.has(id)) done(unknownOutcome()); // DOC-194
      return;
    }
    const result = outcomeOf(answer);
    if (isRepeated && result instanceof DocumentsError && isPassing(result)) return this.#repeatLater(channel, result); // DOC-193
    this.#kept.delete(id);
    done(result);
  }

  /**
   * The server was busy when a request came again, so it did not say whether the first one was done. Only a later connection may
   * ask for that once more.
   */
  #repeatLater(channel: Channel, { retryAfterMs }: DocumentsError): void {
    this.#cancelReconnect();
    const end = () => channel.end('the server is busy');
    this.#cancelReconnect = this.#platform.after(retryAfterMs ?? PAUSE_MS, end); // DOC-193
  }

  #notSent(): DocumentsError {
    return this.#isClosed
      ? new DocumentsError('closed', 'this client was closed')
      : new DocumentsError('offline', 'not connected');
  }
}

/** The answer if the request was done, or else why not. */
export function outcomeOf(answer: Answer): Success | DocumentsError {
  if (answer.type === 'result') return answer;
  if (answer.type === 'error') return new DocumentsError('refused', answer.data.msg, answer);
  return new DocumentsError('unreadable', answer.reason);
}

function unknownOutcome(): DocumentsError {
  return new DocumentsError('unknown-outcome', 'connection lost, outcome unknown');
}
