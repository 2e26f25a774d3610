import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openServer } from '../matrix/server.ts';
import { protocolRequests } from './requests.ts';
import { simulateTraffic } from './traffic.ts';
import { columns, notSearched } from './columns.ts';
import { StorageRecorder } from './storage-recorder.ts';
import { readable } from './leak-search.ts';

test('T26 every column of storage has a visibility, and what is not for everybody reaches nobody else', async (t) => {
  const recorder = new StorageRecorder();
  const server = await openServer({}, (storage) => recorder.wrap(storage));
  t.after(() => server.close());
  const { recipients, secrets } = await simulateTraffic(server);
  await server.world.stop();

  assert.deepEqual(recorder.undecided(), [], 'columns without a visibility');
  assert.deepEqual(recorder.unused(), [], 'tables that the traffic did not touch');
  const found = recorder.foundValues(server.world.lobby);
  const guardedValues = found.filter(({ readers }) => readers !== null);
  const searched = new Set(found.flatMap((value) => value.columns));
  const guarded = Object.entries(columns).flatMap(([table, visibilities]) =>
    Object.entries(visibilities).flatMap(([column, visibility]) =>
      visibility === 'everybody' ? [] : [`${table}.${column}`],
    ),
  );
  assert.deepEqual(
    guarded.filter((column) => !searched.has(column)),
    notSearched,
  );
  const keys = recorder.once.map(({ key }) => key);
  assert.ok(keys.length > 0);
  const received = recipients.map(({ client, person }) => ({ person, text: client.frames.map(readable).join('\n') }));
  const log = server.log.join('');
  assert.match(log, /"event":"storage-opened"/);
  t.diagnostic(
    `${guardedValues.length} guarded values, ${recipients.length} connections, ${received.reduce((sum, { text }) => sum + text.length, 0)} bytes`,
  );

  for (const { columns: from, value, readers } of guardedValues) {
    for (const { person, text } of received) {
      const isFor = person !== null && readers?.has(person) === true;
      assert.ok(isFor || !text.includes(value), `${from} ${value} reached ${person ?? 'a guest'}`);
    }
    assert.ok(!log.includes(value), `${from} ${value} is in the log`);
  }
  for (const { client, person } of recipients) {
    const friends = client.frames.flatMap(friendsIn);
    const own = person === null ? new Set<string>() : recorder.contactsOf(person);
    assert.deepEqual(
      friends.filter((name) => !own.has(name)),
      [],
    );
  }
  for (const secret of [...secrets, ...keys]) {
    for (const { text } of received) assert.ok(!text.includes(secret), `${secret} was sent`);
    if (secret !== server.dataDir) assert.ok(!log.includes(secret), `${secret} is in the log`);
  }

  for (const { protocol, parts, partsOf } of protocolRequests) {
    const frames = recipients.flatMap(({ client }) => (client.protocol === protocol ? client.frames : []));
    const met = new Set(frames.flatMap(partsOf));
    assert.deepEqual([...met.difference(parts)], [], `unknown parts in frames of ${protocol}`);
    assert.ok(met.size > parts.size / 2, `${met.size} of ${parts.size} parts occur in ${protocol}`);
  }
});

/** The names that a frame of tagged marks as friends. */
function friendsIn(frame: string): string[] {
  return [...frame.matchAll(/"username":"([^"]+)"[^{}]*"friend":true/g)].map(([, name = '']) => name);
}
