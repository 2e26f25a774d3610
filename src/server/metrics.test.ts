import assert from 'node:assert/strict';
import test from 'node:test';
import { FakeClock } from '../../testing/clock.ts';
import { openTestApp } from '../../testing/app.ts';
import { MemoryStorage } from '../storage/memory/storage.ts';
import type { AppendItem, AppendResult, Storage } from '../core/ports.ts';
import { Metrics } from './metrics.ts';

async function valuesOf(metrics: Metrics): Promise<(name: string) => number> {
  const { text } = await metrics.page();
  const lines = new Map(
    text.split('\n').map((line) => [line.slice(0, line.lastIndexOf(' ')), Number(line.split(' ').at(-1))]),
  );
  return (name) => lines.get(name) ?? Number.NaN;
}

test('SERVER-42 a measured store behaves as the store itself; its writes are counted and timed', async () => {
  const clock = new FakeClock();
  const metrics = new Metrics(clock);
  const memory = new MemoryStorage(clock);
  const slow: Storage = {
    identity: memory.identity,
    append: async (batch) => {
      clock.advance(3);
      return memory.append(batch);
    },
    changes: () => memory.changes(),
    positions: (streams) => memory.positions(streams),
    entries: (stream, after, limit) => memory.entries(stream, after, limit),
    load: (stream) => memory.load(stream),
    page: (room, before, limit) => memory.page(room, before, limit),
    message: (id) => memory.message(id),
    credential: (person) => memory.credential(person),
    token: (digest) => memory.token(digest),
    invitation: (digest) => memory.invitation(digest),
    session: (digest) => memory.session(digest),
    keptResult: (scope, key) => memory.keptResult(scope, key),
    deliveryMarkers: (person) => memory.deliveryMarkers(person),
    furthestReads: (room) => memory.furthestReads(room),
    relatedTo: (person) => memory.relatedTo(person),
    messagesBy: (person, after, limit) => memory.messagesBy(person, after, limit),
    file: (id) => memory.file(id),
    fileBytes: (person) => memory.fileBytes(person),
    uploadsBefore: (at, limit) => memory.uploadsBefore(at, limit),
    namedDigests: (digests) => memory.namedDigests(digests),
    search: (search) => memory.search(search),
    close: () => memory.close(),
  };
  const app = await openTestApp({ clock, storage: metrics.measured(slow) });
  metrics.report({
    connections: () => app.hub.size,
    people: () => 7,
    deliveries: () => app.hub.deliveries,
    droppedLines: () => 3,
  });
  const { peer } = app.connect('c2');
  for (const lines of ['c2/CONNECT alice\n', 'c2/MSG 1; one\nc2/MSG 2; two\n']) {
    peer.send(new TextEncoder().encode(lines));
    await app.settle();
  }
  assert.match(new TextDecoder().decode(peer.take()), /one\n[^]*two\n/);
  const value = await valuesOf(metrics);
  assert.equal(value('parlance_messages_committed_total'), 2);
  assert.equal(value('parlance_connections'), 1);
  assert.equal(value('parlance_people'), 7);
  assert.equal(value('parlance_deliveries_total'), app.hub.deliveries);
  assert.ok(app.hub.deliveries >= 2);
  const writes = value('parlance_append_seconds_count');
  assert.equal(value('parlance_append_items_count'), writes);
  assert.ok(Math.abs(value('parlance_append_seconds_sum') - 0.003 * writes) < 1e-9);
  const again = await valuesOf(metrics);
  assert.equal(again('parlance_deliveries_total'), app.hub.deliveries);
  await app.stop();
});

test('SERVER-42 only committed messages are counted', async () => {
  const metrics = new Metrics(new FakeClock());
  const results: AppendResult[] = [{ type: 'unavailable', reason: '' }, { type: 'committed' }];
  const measured = metrics.measured({ append: async () => results } as unknown as Storage);
  const body = { type: 'message-posted' } as AppendItem['writes'][number]['entries'][number];
  const item: AppendItem = { writes: [{ stream: 'room/1', expected: 0, entries: [body] }], rows: [] };
  assert.equal(await measured.append([item, item, item]), results);
  assert.equal((await valuesOf(metrics))('parlance_messages_committed_total'), 1);
});

test('SERVER-42 two servers in one process have their own metrics, with those of the process and its event loop', async () => {
  const [one, two] = [new Metrics(new FakeClock()), new Metrics(new FakeClock())];
  one.refused();
  assert.equal((await valuesOf(one))('parlance_connections_refused_total'), 1);
  const value = await valuesOf(two);
  assert.equal(value('parlance_connections_refused_total'), 0);
  assert.ok(value('process_resident_memory_bytes') > 0);
  assert.ok(!Number.isNaN(value('nodejs_eventloop_lag_max_seconds')));
  assert.ok(!Number.isNaN(value('nodejs_eventloop_lag_p99_seconds')));
});
