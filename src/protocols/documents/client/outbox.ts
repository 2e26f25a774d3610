import type { Platform } from '../../../lib/platform.ts';
import type { Success } from '../schema.ts';
import { codec, type Outgoing } from './codec.ts';
import type { KeyOf, SentFile } from './documents.ts';
import { DocumentsError } from './error.ts';
import { LiveSource } from './live-value.ts';
import type { Question, Requests } from './requests.ts';

const MOST = 1_000;
const PAUSE_MS = 1_000;

type RoomKey = KeyOf<'room'>;
type MessageKey = KeyOf<'msg'>;

/** What a message may have besides its text: the message that it answers, and a file that was uploaded. */
export type SendOptions = { readonly replyTo?: MessageKey; readonly file?: SentFile };

/** A message that is not acknowledged. It is JSON, so that an application can keep it, and never changes: another state is another object. */
export type OutboxMessage = {
  readonly id: string;
  readonly room: RoomKey;
  readonly text: string;
  readonly replyTo?: MessageKey;
  readonly file?: SentFile;
  /**
   * `waiting`: the server does not have it. `sending`: it was sent, and its answer may still come. `unknown`: it was sent, and the
   * answer is lost for good. `refused`: the server does not take it.
   */
  readonly state: 'waiting' | 'sending' | 'unknown' | 'refused';
  /** The id of the request with which it was sent. */
  readonly request?: string;
  /** Why it was refused. */
  readonly error?: { readonly status: number | null; readonly message: string };
};

/** Settles the promise of the caller who sent the message. */
type Settle = { readonly resolve: (key: MessageKey) => void; readonly reject: (error: DocumentsError) => void };

/**
 * The messages that are not acknowledged. They leave in their order, each after the answer to the one before. An application that
 * wants to keep them keeps `[...outbox]` at each change: a change is told before its message leaves.
 */
export class Outbox implements Iterable<OutboxMessage> {
  readonly #requests: Pick<Requests, 'ask' | 'newId' | 'isOnline'>;
  readonly #after: Platform['after'];
  readonly #source = new LiveSource<readonly OutboxMessage[]>();
  readonly #settles = new Map<string, Settle>();
  /** The message whose answer is awaited. */
  #current: string | null = null;
  #cancelPause: (() => void) | null = null;
  #state: 'open' | 'closed' | 'ended' = 'open';

  /** Begins with the messages that an earlier run of the program has kept. */
  constructor(
    requests: Pick<Requests, 'ask' | 'newId' | 'isOnline'>,
    after: Platform['after'],
    kept: readonly OutboxMessage[],
  ) {
    this.#requests = requests;
    this.#after = after;
    this.#show(kept);
  }

  /**
   * Sends a message as soon as it is its turn; resolves with its key when it is on the server's disk. Rejects with a DocumentsError:
   * after `refused` and `unknown-outcome` it stays in the outbox, after `full` and `closed` it was not taken at all.
   */
  send(room: RoomKey, text: string, { replyTo, file }: SendOptions = {}): Promise<MessageKey> {
    const id = this.#requests.newId();
    try {
      this.#take({ id, room, text, ...(replyTo && { replyTo }), ...(file && { file }), state: 'waiting' });
    } catch (error) {
      return Promise.reject(error);
    }
    return this.#sent(id);
  }

  /** Sends a message again that was refused, or whose outcome is unknown: then it may be posted twice. Promises the same as `send`. */
  sendAgain(id: string): Promise<MessageKey> {
    const message = this.#find(id);
    if (message?.state !== 'unknown' && message?.state !== 'refused')
      return Promise.reject(new TypeError('there is no such message to send again'));
    this.#replace(waiting(message)); // DOC-197
    return this.#sent(id);
  }

  /** The messages as they are now. */
  [Symbol.iterator](): Iterator<OutboxMessage, undefined> {
    return this.#all[Symbol.iterator]();
  }

  /** Calls the listener after each change, until the returned function is called. */
  subscribe(listener: () => void): () => void {
    return this.#source.listen(listener);
  }

  /** Removes a message; false if there is none, or if it is being sent. */
  drop(id: string): boolean {
    const message = this.#find(id);
    if (message === undefined || message.state === 'sending') return false;
    this.#remove(id);
    this.#settle(id)?.reject(new DocumentsError('closed', 'this message was dropped'));
    return true;
  }

  /** The client is online. Without the session from before, nobody will ever say what became of a message that was sent. */
  connected(isResumed: boolean): void {
    const sent = this.#all.filter(({ id, state }) => state === 'sending' && id !== this.#current);
    if (!isResumed) for (const message of sent) this.#unknown(message, 'the session has ended'); // DOC-197
    this.#sendNext();
  }

  /** Sends no more; an answer may still come. */
  close(): void {
    this.#state = 'closed';
  }

  /** No answer will come. Messages stay as they are, to be kept. */
  end(error: DocumentsError | null): void {
    this.#state = 'ended';
    this.#cancelPause?.();
    const closed = error ?? new DocumentsError('closed', 'this client was closed');
    for (const id of this.#settles.keys()) this.#settle(id)?.reject(closed);
    this.#source.finish(error);
  }

  get #all(): readonly OutboxMessage[] {
    return this.#source.snapshot.value ?? [];
  }

  #take(message: OutboxMessage): void {
    codec.encode({ type: 'request', ...questionOf(message) } as Outgoing, null);
    if (this.#state !== 'open') throw new DocumentsError('closed', 'this client was closed');
    this.#show([...this.#withRoom(), message]);
  }

  #sent(id: string): Promise<MessageKey> {
    const promise = new Promise<MessageKey>((resolve, reject) => this.#settles.set(id, { resolve, reject }));
    promise.catch(() => {}); // The outbox shows it too.
    this.#sendNext();
    return promise;
  }

  #sendNext(): void {
    if (this.#state !== 'open' || this.#current !== null || this.#cancelPause !== null || !this.#requests.isOnline)
      return; // DOC-195
    const message = this.#all.find(({ state }) => state === 'waiting' || state === 'sending'); // DOC-195
    if (message === undefined) return;
    const { id, request = this.#requests.newId() } = message;
    this.#current = id;
    this.#replace({ ...message, state: 'sending', request }); // DOC-198
    const isRepeated = message.request !== undefined;
    this.#requests.ask(questionOf(message), (answer) => this.#answered(message, answer), request, isRepeated);
  }

  #answered(message: OutboxMessage, answer: Success | DocumentsError): void {
    if (this.#state === 'ended') return;
    this.#current = null;
    if (!(answer instanceof DocumentsError)) this.#posted(message, answer);
    else if (answer.code === 'unknown-outcome' || answer.code === 'unreadable') this.#unknown(message, answer.message);
    else if (answer.code !== 'refused') this.#replace(message);
    else if (answer.status === 503) this.#wait(message, answer.retryAfterMs ?? PAUSE_MS);
    else this.#refused(message, answer);
    this.#sendNext();
  }

  #posted({ id, ...message }: OutboxMessage, answer: Success): void {
    if (answer.cls !== 'add_child' || answer.data.key.type !== 'msg')
      return this.#unknown({ id, ...message }, 'an answer does not fit');
    this.#remove(id);
    this.#settle(id)?.resolve(answer.data.key); // DOC-195
  }

  /** Nothing was done. It goes again before all later ones, as another request. */
  #wait(message: OutboxMessage, ms: number): void {
    this.#replace(waiting(message)); // DOC-196
    this.#cancelPause = this.#after(ms, () => {
      this.#cancelPause = null;
      this.#sendNext();
    }); // DOC-196
  }

  #unknown(message: OutboxMessage, why: string): void {
    this.#replace({ ...message, state: 'unknown' }); // DOC-197
    this.#settle(message.id)?.reject(new DocumentsError('unknown-outcome', why));
  }

  #refused(message: OutboxMessage, error: DocumentsError): void {
    this.#replace({ ...message, state: 'refused', error: { status: error.status, message: error.message } }); // DOC-197
    this.#settle(message.id)?.reject(error);
  }

  /** The messages, without the oldest refused one where there is no room for another. */
  #withRoom(): readonly OutboxMessage[] {
    if (this.#all.length < MOST) return this.#all;
    const oldest = this.#all.find(({ state }) => state === 'refused');
    if (oldest === undefined) throw new DocumentsError('full', `${MOST} messages wait already`); // DOC-199
    return this.#all.filter((message) => message !== oldest); // DOC-199
  }

  #settle(id: string): Settle | undefined {
    const settle = this.#settles.get(id);
    this.#settles.delete(id);
    return settle;
  }

  #find(id: string): OutboxMessage | undefined {
    return this.#all.find((message) => message.id === id);
  }

  #replace(next: OutboxMessage): void {
    this.#show(this.#all.map((message) => (message.id === next.id ? next : message)));
  }

  #remove(id: string): void {
    this.#show(this.#all.filter((message) => message.id !== id));
  }

  #show(messages: readonly OutboxMessage[]): void {
    this.#source.set({ value: messages, error: null, version: null });
  }
}

function questionOf({ room, text, replyTo, file }: OutboxMessage): Question {
  const sent = file && { file: { address: file.address } }; // DOC-209
  const obj = { key: { type: 'msg' }, text, ...(replyTo && { reply_to: replyTo }), ...sent };
  return { cls: 'add_child', data: { key: room, obj } };
}

/** The message as if it had never been sent. */
function waiting({ request: _, error: __, ...message }: OutboxMessage): OutboxMessage {
  return { ...message, state: 'waiting' };
}
