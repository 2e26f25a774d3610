import assert from 'node:assert/strict';
import { Agent, request } from 'node:http';
import { connect, type Socket } from 'node:net';
import { DatabaseSync } from 'node:sqlite';
import { test } from 'node:test';
import { FakeClock } from '../../testing/clock.ts';
import { startListingProcess } from '../../testing/server.ts';
import { temporaryDirectory } from '../../testing/temporary.ts';
import { keyDigest } from '../../src/listing/keys.ts';
import { ListingStore } from '../../src/listing/store.ts';

const SERVERS = 10_000;
const UPDATING = 100;
/** Five times as often as our own servers do. */
const UPDATE_MS = 1_000;
const WARM_UP = 50;
const GETS = 300;
const MOST_MS = 50;
const READ_BYTES = 65_536;

/** Writes a list of servers at addresses of this machine, where nothing answers; the key of each is its id. */
function writeList(file: string): void {
  const clock = new FakeClock();
  const store = new ListingStore(new DatabaseSync(file), clock);
  const now = Date.now();
  for (let id = 1; id <= SERVERS; id++) {
    const host = `127.${1 + Math.floor(id / 40_000)}.${Math.floor(id / 200)}.${1 + (id % 200)}`;
    const times = { listedAt: now, upSince: now, seenAt: now, pingMs: 20, misses: 0, targets: [host] };
    const own = {
      serverName: `Server number ${id} of a list`,
      address: `${host}:5000`,
      connectedUsers: id % 50,
      maxUsers: 50,
    };
    void store.write({ put: { ...own, ...times, id, keyDigest: keyDigest(`${id}`) } });
  }
  clock.turn();
  store.close();
}

/** Gets the list over one connection, into memory that is used again: garbage of the client would count as time of the server. */
class ListReader {
  readonly #socket: Socket;
  #head = '';
  /** The bytes of the answer that are still to come; null before its head is known. */
  #left: number | null = null;
  #done = (): void => {};

  constructor(port: number) {
    const onread = {
      buffer: Buffer.alloc(READ_BYTES),
      callback: (length: number, buffer: Uint8Array) => this.#read(length, buffer),
    };
    this.#socket = connect({ port, host: '127.0.0.1', noDelay: true, onread });
  }

  /** Resolves to the bytes of the body. */
  async get(): Promise<number> {
    this.#head = '';
    this.#left = null;
    const whole = new Promise<void>((done) => (this.#done = done));
    this.#socket.write('GET /servers HTTP/1.1\r\nHost: localhost\r\n\r\n');
    await whole;
    assert.match(this.#head, /^HTTP\/1\.1 200 /);
    return lengthIn(this.#head);
  }

  close(): void {
    this.#socket.destroy();
  }

  #read(length: number, buffer: Uint8Array): boolean {
    let body = length;
    if (this.#left === null) {
      this.#head += Buffer.from(buffer.subarray(0, length)).toString('latin1');
      const end = this.#head.indexOf('\r\n\r\n');
      if (end === -1) return true;
      body = this.#head.length - end - 4;
      this.#head = this.#head.slice(0, end);
      this.#left = lengthIn(this.#head);
    }
    this.#left -= body;
    if (this.#left === 0) this.#done();
    return true;
  }
}

function lengthIn(head: string): number {
  return Number(/content-length: (\d+)/i.exec(head)?.[1]);
}

/** Sends a request over a kept connection; resolves to the status of the answer. */
function ask(agent: Agent, url: string, method: string, body?: string, key?: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const headers = key === undefined ? {} : { authorization: `C2Listing ${key}` };
    const asked = request(url, { method, agent, headers }, (response) => {
      response.resume().on('end', () => resolve(response.statusCode ?? 0));
    });
    asked.on('error', reject).end(body);
  });
}

test('LIST-03 LIST-14 T49 GET /servers with 10,000 servers takes less than 50 ms (p99) while 100 servers update', async (t) => {
  const data = temporaryDirectory(t);
  writeList(`${data}/listing.db`);
  const { http, port } = await startListingProcess(t, ['--data', data, '--allow-private']);
  const agent = new Agent({ keepAlive: true });
  t.after(() => agent.destroy());
  let isOver = false;
  let updates = 0;
  const update = async (id: number) => {
    await new Promise((done) => setTimeout(done, id * (UPDATE_MS / UPDATING))); // Servers do not know each other.
    for (let users = 0; !isOver; users++) {
      const status = await ask(agent, `${http}/servers/${id}`, 'PUT', `{"connectedUsers":${users}}`, `${id}`);
      assert.equal(status, 200);
      updates += 1;
      await new Promise((done) => setTimeout(done, UPDATE_MS));
    }
  };
  const updating = Array.from({ length: UPDATING }, (_, index) => update(index + 1));
  const reader = new ListReader(port);
  t.after(() => reader.close());
  const times: number[] = [];
  for (let get = -WARM_UP; get < GETS; get++) {
    const begun = performance.now();
    const bytes = await reader.get();
    if (get >= 0) times.push(performance.now() - begun);
    assert.ok(bytes > 1_000_000, `${bytes} bytes`);
  }
  isOver = true;
  await Promise.all(updating);
  times.sort((a, b) => a - b);
  const [p50 = 0, p99 = 0] = [times[GETS / 2], times[Math.floor(GETS * 0.99) - 1]];
  t.diagnostic(`p50 ${p50.toFixed(1)} ms, p99 ${p99.toFixed(1)} ms, ${updates} updates meanwhile`);
  assert.ok(p99 < MOST_MS, `p99 ${p99} ms`);
});
