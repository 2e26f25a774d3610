import assert from 'node:assert/strict';
import test from 'node:test';
import { FakeClock } from '../../../testing/clock.ts';
import { waitForIo } from '../../../testing/condition.ts';
import type { LogFields } from '../../core/ports.ts';
import { ListingError } from '../../listing/client.ts';
import { ListingAnnouncer } from './announcer.ts';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const URL = 'https://listing.example.org';
const PROPERTIES = { serverName: 'Tea room', address: 'chat.example.org:5000', maxUsers: 50 };
const GONE = new ListingError(401, 'not listed under this key');
const UNREACHABLE = new ListingError(0, 'ECONNREFUSED');

/** A request that waits until the test answers it; giving it up rejects it. */
type Call = { readonly what: readonly unknown[]; readonly signal: AbortSignal | undefined } & Pick<
  PromiseWithResolvers<string>,
  'resolve' | 'reject'
>;

/** An announcer, started, with a stored key or none; random numbers are `random`. */
async function started({ stored = null as string | null, random = 0.5, unsaved = false } = {}) {
  const clock = new FakeClock();
  const calls: Call[] = [];
  const lines: [string, LogFields | undefined][] = [];
  const files: (string | null)[] = [];
  const state = { people: 0 };

  function ask(signal: AbortSignal | undefined, ...what: unknown[]): Promise<string> {
    const { promise, resolve, reject } = Promise.withResolvers<string>();
    calls.push({ what, signal, resolve, reject });
    signal?.addEventListener('abort', () => reject(new ListingError(0, 'aborted')));
    return promise;
  }

  const line = (event: string, fields?: LogFields) => void lines.push([event, fields]);
  const announcer = new ListingAnnouncer({
    url: URL,
    id: 7,
    properties: PROPERTIES,
    connectedUsers: () => state.people,
    client: {
      register: (id, properties, key, signal) => ask(signal, 'POST', id, key, properties),
      update: async (id, key, properties, signal) => void (await ask(signal, 'PUT', id, key, properties)),
      remove: async (id, key, signal) => void (await ask(signal, 'DELETE', id, key)),
    },
    keys: {
      load: async () => stored,
      save: async (key) => {
        if (unsaved) throw new Error('the disk is full');
        files.push(key);
      },
      remove: async () => void files.push(null),
    },
    newKey: () => 'mine',
    clock,
    random: () => random,
    log: { info: line, warn: line, error: line },
  });
  announcer.start();
  await waitForIo();

  /** Time passes; returns what was asked meanwhile. */
  async function pass(ms: number): Promise<unknown[]> {
    const before = calls.length;
    for (let left = ms; left > 0; left -= SECOND) {
      clock.advance(Math.min(left, SECOND));
      await waitForIo();
    }
    return calls.slice(before).map(({ what }) => what);
  }

  async function answer(result: string | Error = ''): Promise<void> {
    const call = calls.at(-1);
    if (typeof result === 'string') call?.resolve(result);
    else call?.reject(result);
    await waitForIo();
  }

  return { announcer, clock, calls, lines, files, state, pass, answer, last: () => calls.at(-1)?.what };
}

/** An announcer whose server is listed under the key `mine`. */
async function listed(options: Parameters<typeof started>[0] = {}) {
  const test = await started(options);
  await test.answer('mine');
  return test;
}

const put = (connectedUsers: number) => ['PUT', 7, 'mine', { connectedUsers }];
const post = (key: string | null, connectedUsers: number) => ['POST', 7, key, { ...PROPERTIES, connectedUsers }];
const events = (lines: [string, LogFields | undefined][]) => lines.map(([event]) => event);

test('SERVER-210 SERVER-214 SERVER-216 the server draws a key, keeps it, registers with it at once, and logs that', async () => {
  const { lines, files, answer, last } = await started();
  assert.deepEqual([last(), lines, files], [post('mine', 0), [], ['mine']]);
  await answer('mine');
  assert.deepEqual(files, ['mine']);
  assert.deepEqual(lines, [['listed', { url: URL, address: 'chat.example.org:5000' }]]);
});

test('SERVER-216 a stored key is sent, and saved again only if it has changed', async () => {
  const same = await listed({ stored: 'mine' });
  assert.deepEqual([same.last(), same.files], [post('mine', 0), []]);
  const other = await listed({ stored: 'of an entry that is gone' });
  assert.deepEqual([other.last(), other.files], [post('of an entry that is gone', 0), ['mine']]);
});

test('SERVER-216 a key that cannot be saved is used, and the log says so', async () => {
  const { lines, state, pass } = await listed({ unsaved: true });
  assert.deepEqual(lines[0], ['listing-key-not-kept', { reason: 'the disk is full' }]);
  assert.deepEqual(events(lines), ['listing-key-not-kept', 'listed']);
  state.people = 1;
  assert.deepEqual(await pass(5 * SECOND), [put(1)]);
});

test('SERVER-211 the number of people is told when it has changed, at most once in 5 s', async () => {
  const { state, pass, answer } = await listed();
  state.people = 1;
  assert.deepEqual(await pass(4 * SECOND), []);
  state.people = 2;
  assert.deepEqual(await pass(SECOND), [put(2)]);
  state.people = 3;
  assert.deepEqual(await pass(9 * SECOND), [], 'one request at a time');
  await answer();
  assert.deepEqual(await pass(4 * SECOND), []);
  assert.deepEqual(await pass(SECOND), [put(3)]);
  await answer();
  assert.deepEqual(await pass(MINUTE), []);
  state.people = 0;
  assert.deepEqual(await pass(SECOND), [put(0)]);
});

test('SERVER-211 an entry that does not change is renewed every 5 minutes', async () => {
  const { lines, pass, answer } = await listed();
  for (let round = 0; round < 2; round++) {
    assert.deepEqual(await pass(5 * MINUTE - SECOND), []);
    assert.deepEqual(await pass(SECOND), [put(0)]);
    await answer();
  }
  assert.deepEqual(events(lines), ['listed']);
});

test('SERVER-212 a server that is no longer listed registers anew at once, with its key', async () => {
  const { lines, files, state, pass, answer, last } = await listed();
  state.people = 4;
  await pass(5 * SECOND);
  await answer(GONE);
  assert.deepEqual(await pass(1), [post('mine', 4)]);
  await answer('another');
  assert.deepEqual(
    [files, events(lines)],
    [
      ['mine', 'another'],
      ['listed', 'listed'],
    ],
  );
  state.people = 5;
  await pass(5 * SECOND);
  assert.deepEqual(last(), ['PUT', 7, 'another', { connectedUsers: 5 }]);
});

test('SERVER-213 SERVER-214 failed registrations are tried again later and later, and logged once', async () => {
  const { clock, calls, lines, answer, pass } = await started();
  const waits: number[] = [];
  for (let tries = 1; tries <= 11; tries++) {
    await answer(tries % 2 === 0 ? GONE : UNREACHABLE);
    const from = clock.monotonic();
    while (calls.length === tries) await pass(SECOND / 2);
    waits.push((clock.monotonic() - from) / SECOND);
  }
  assert.deepEqual(waits, [0.5, 1, 2, 4, 8, 16, 32, 64, 128, 150, 150]);
  assert.deepEqual(lines, [['listing-failed', { url: URL, reason: 'ECONNREFUSED' }]]);
  await answer('mine');
  assert.deepEqual(events(lines), ['listing-failed', 'listed']);
});

test('SERVER-213 SERVER-214 a failed change is tried again; a later failure begins anew', async () => {
  const { lines, state, pass, answer } = await listed();
  for (let round = 1; round <= 2; round++) {
    state.people = round;
    await pass(5 * SECOND);
    await answer(UNREACHABLE);
    assert.deepEqual(await pass(SECOND / 2), [put(round)]);
    await answer(UNREACHABLE);
    assert.deepEqual(await pass(SECOND), [put(round)]);
    await answer();
  }
  assert.deepEqual(events(lines), ['listed', 'listing-failed', 'listed', 'listing-failed', 'listed']);
});

test('SERVER-213 the server waits as long as the service asks, up to an hour', async () => {
  const { pass, answer } = await started();
  await answer(new ListingError(429, 'too many', 90 * SECOND));
  assert.deepEqual(await pass(89 * SECOND), []);
  assert.deepEqual(await pass(SECOND), [post('mine', 0)]);
  await answer(new ListingError(503, 'later', 1_000 * MINUTE));
  assert.deepEqual(await pass(60 * MINUTE - SECOND), []);
  assert.deepEqual(await pass(SECOND), [post('mine', 0)]);
});

test('SERVER-214 an error of any kind is a failure like others', async () => {
  const { lines, pass, answer } = await started();
  await answer(new TypeError('a bug'));
  assert.deepEqual(lines, [['listing-failed', { url: URL, reason: 'a bug' }]]);
  assert.deepEqual(await pass(SECOND), [post('mine', 0)]);
});

test('SERVER-215 SERVER-217 a stop removes the entry and the key, and nothing is asked after it', async () => {
  const { announcer, clock, files, lines, state, pass, answer, last } = await listed();
  const stopped = announcer.stop();
  await waitForIo();
  assert.deepEqual(last(), ['DELETE', 7, 'mine']);
  await answer();
  await stopped;
  assert.deepEqual([files, events(lines), clock.timers], [['mine', null], ['listed'], 0]);
  state.people = 1;
  assert.deepEqual(await pass(10 * MINUTE), []);
});

test('SERVER-215 a change that was begun is given up for the removal', async () => {
  const { announcer, calls, lines, state, pass, answer } = await listed();
  state.people = 1;
  await pass(5 * SECOND);
  const stopped = announcer.stop();
  await waitForIo();
  assert.deepEqual([calls.at(-2)?.signal?.aborted, calls.at(-1)?.what], [true, ['DELETE', 7, 'mine']]);
  await answer();
  await stopped;
  assert.deepEqual(events(lines), ['listed']);
});

test('SERVER-215 a registration that was begun may end, and is then removed', async () => {
  const { announcer, files, answer, last } = await started();
  const stopped = announcer.stop();
  await answer('mine');
  assert.deepEqual(last(), ['DELETE', 7, 'mine']);
  await answer();
  await stopped;
  assert.deepEqual(files, ['mine', null]);
});

test('SERVER-214 SERVER-215 a stop waits at most 2 s for a service that does not answer, and keeps the key', async () => {
  for (const begin of [started, listed]) {
    const { announcer, clock, calls, files, lines, pass } = await begin();
    const before = [...files];
    let isDone = false;
    void announcer.stop().then(() => {
      isDone = true;
    });
    await pass(2 * SECOND - 1);
    assert.equal(isDone, false);
    await pass(1);
    assert.equal(isDone, true);
    assert.ok(calls.at(-1)?.signal?.aborted);
    assert.deepEqual(lines.at(-1), ['listing-not-left', { reason: 'no answer in time' }]);
    assert.deepEqual([files, clock.timers], [before, 0]);
  }
});

test('SERVER-214 a refused removal is logged, and the key stays', async () => {
  const { announcer, files, lines, answer } = await listed();
  const stopped = announcer.stop();
  await waitForIo();
  await answer(GONE);
  await stopped;
  assert.deepEqual(lines.at(-1), ['listing-not-left', { reason: 'not listed under this key' }]);
  assert.deepEqual(files, ['mine']);
});

test('SERVER-215 SERVER-217 a stop between two tries removes what may be listed, and asks for nothing after a refusal', async () => {
  const refused = await started();
  await refused.answer(new ListingError(400, 'no valid answer to a ping'));
  await refused.announcer.stop();
  assert.deepEqual([refused.calls.length, refused.files], [1, ['mine', null]]);
  for (const [stored, error] of [
    ['mine', UNREACHABLE],
    ['mine', new ListingError(503, 'full')],
    [null, UNREACHABLE],
  ] as const) {
    const kept = await started({ stored });
    await kept.answer(error);
    const stopped = kept.announcer.stop();
    await waitForIo();
    assert.deepEqual(kept.last(), ['DELETE', 7, 'mine']);
    await kept.answer();
    await stopped;
    assert.equal(kept.files.at(-1), null);
  }
});

test('SERVER-302 while another node of the server is listed this one asks again, takes nothing out, and is listed when that has left', async () => {
  const listed = new ListingError(400, 'this is not the key of a listed server of this id');
  const node = await started();
  for (let tries = 0; tries < 12; tries++) {
    await node.answer(listed);
    await node.pass(5 * MINUTE);
  }
  assert.deepEqual(events(node.lines), ['listing-failed']);
  await node.answer('mine');
  assert.equal(node.lines.at(-1)?.[0], 'listed');
  const second = await started();
  await second.answer(listed);
  await second.announcer.stop();
  assert.equal(second.calls.length, 1, 'the entry is not its own');
});
