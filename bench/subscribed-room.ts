import assert from 'node:assert/strict';
import { DocumentsClient } from './documents-client.ts';
import { cpuMicroseconds, type Server } from './process.ts';
import { type PageRequest, SubscribedSession } from './subscribed-session.ts';

/** The figures of one round of messages. */
export type ChangedRound = {
  /** The server's CPU microseconds per session and message. */
  readonly cost: number;
  /** Milliseconds from a post until the last session has the patch: the median and the 99th percentile. */
  readonly median: number;
  readonly slowest: number;
  /** Bytes that a session received and sent for a message. */
  readonly received: number;
  readonly sent: number;
};

const PAGE = 50;
/** Registrations and logins at once: fewer than may wait for the hash of their password. */
const BATCH = 32;
const PATCHED_MS = 60_000;
const READ_BYTES = 64 * 1024;

/** A room whose last messages many sessions show, each of another account, and one person who posts. */
export class SubscribedRoom {
  readonly #server: Server;
  readonly #author: DocumentsClient;
  readonly #page: PageRequest;
  readonly #sessions: SubscribedSession[] = [];
  readonly #memory = Buffer.allocUnsafe(READ_BYTES);
  #patched = (): void => {};
  #posted = 0;

  private constructor(server: Server, author: DocumentsClient, page: PageRequest) {
    this.#server = server;
    this.#author = author;
    this.#page = page;
  }

  static async open(server: Server, sessions: number): Promise<SubscribedRoom> {
    const author = await DocumentsClient.open(server.port);
    await author.member('author');
    const obj = { key: { type: 'room' }, name: 'Bench', open: true };
    const { data } = await author.ask({ cls: 'add_child', data: { key: { type: 'rooms', id: author.id }, obj } });
    const room = new SubscribedRoom(server, author, { key: data.key, view: 'desc', size: PAGE });
    for (let number = 0; number < PAGE; number++) await room.#post();
    await inBatches(sessions, (index) => room.#join(`reader${index}`));
    // When all are in the room: what changes there until then is not of this bench.
    await inBatches(sessions, (index) => room.#sessions[index]?.subscribe());
    return room;
  }

  /** Posts messages one after the other, each when all sessions have the patch of the one before; then checks all pages. */
  async round(messages: number): Promise<ChangedRound> {
    const before = this.#bytes();
    const cpu = cpuMicroseconds(this.#server.pid);
    const times: number[] = [];
    for (let number = 0; number < messages; number++) times.push(await this.#message());
    const used = cpuMicroseconds(this.#server.pid) - cpu;
    const after = this.#bytes();
    await this.#check();
    times.sort((a, b) => a - b);
    const count = messages * this.#sessions.length;
    return {
      cost: used / count,
      median: times[Math.floor(times.length / 2)] ?? Number.NaN,
      slowest: times[Math.floor(times.length * 0.99)] ?? Number.NaN,
      received: (after.received - before.received) / count,
      sent: (after.sent - before.sent) / count,
    };
  }

  close(): void {
    this.#author.close();
    for (const session of this.#sessions) session.close();
  }

  async #join(username: string): Promise<void> {
    const patched = () => this.#patched();
    const session = { username, page: this.#page };
    this.#sessions.push(await SubscribedSession.open(this.#server.port, this.#memory, session, patched));
  }

  async #post(): Promise<void> {
    const text = `message ${++this.#posted}, with some words as people write them in a chat`;
    const obj = { key: { type: 'msg' }, text };
    const { status } = await this.#author.ask({ cls: 'add_child', data: { key: this.#page.key, obj } });
    if (status !== 200) throw new Error(`a message was answered with ${status}`);
  }

  /** Posts a message; returns the milliseconds until the last session has the patch. */
  async #message(): Promise<number> {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const late = setTimeout(() => reject(new Error(`${missing} sessions have no patch`)), PATCHED_MS);
    let missing = this.#sessions.length;
    this.#patched = () => {
      if (--missing === 0) resolve();
    };
    const began = performance.now();
    await this.#post();
    await promise;
    clearTimeout(late);
    return performance.now() - began;
  }

  /** Throws if the patched page of a session is not the page. */
  async #check(): Promise<void> {
    const { data } = await this.#author.ask({ cls: 'get_children', data: { ...this.#page, ver: null } });
    for (const { version, entries } of this.#sessions)
      assert.deepEqual({ version, entries }, { version: data.ver, entries: data.page });
  }

  #bytes(): { readonly received: number; readonly sent: number } {
    const sum = (figure: 'received' | 'sent') => this.#sessions.reduce((all, session) => all + session[figure], 0);
    return { received: sum('received'), sent: sum('sent') };
  }
}

async function inBatches(count: number, run: (index: number) => Promise<void> | undefined): Promise<void> {
  for (let first = 0; first < count; first += BATCH)
    await Promise.all(Array.from({ length: Math.min(BATCH, count - first) }, async (_, offset) => run(first + offset)));
}
