import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openServer } from '../matrix/server.ts';
import { askings } from './requests.ts';
import { busyHour } from './traffic.ts';
import { columns, notLookedFor } from './columns.ts';
import { Record } from './storage-recorder.ts';
import { readable } from './leak-search.ts';

test('T26 every column of storage has its audience, and what is not for everybody reaches nobody else', async (t) => {
  const record = new Record();
  const server = await openServer({}, (storage) => record.around(storage));
  t.after(() => server.close());
  const { listeners, secrets } = await busyHour(server);
  await server.world.stop();

  assert.deepEqual(record.undecided(), [], 'columns that nobody decided about');
  assert.deepEqual(record.unused(), [], 'tables that the busy hour did not touch');
  const canaries = record.canaries(server.world.lobby);
  const lookedFor = new Set(canaries.flatMap(({ from }) => from));
  const guarded = Object.entries(columns).flatMap(([table, decisions]) =>
    Object.entries(decisions).flatMap(([column, observer]) => (observer === 'everybody' ? [] : [`${table}.${column}`])),
  );
  assert.deepEqual(
    guarded.filter((column) => !lookedFor.has(column)),
    notLookedFor,
  );
  const keys = record.once.map(({ key }) => key);
  assert.ok(keys.length > 0);
  const heard = listeners.map(({ client, person }) => ({ person, text: client.frames.map(readable).join('\n') }));
  const log = server.log.join('');
  assert.match(log, /"event":"storage-opened"/);
  t.diagnostic(
    `${canaries.length} canaries, ${listeners.length} connections, ${heard.reduce((sum, { text }) => sum + text.length, 0)} bytes`,
  );

  for (const { from, value, may } of canaries) {
    for (const { person, text } of heard) {
      const isFor = person !== null && may?.has(person) === true;
      assert.ok(isFor || !text.includes(value), `${from} ${value} reached ${person ?? 'a guest'}`);
    }
    assert.ok(!log.includes(value), `${from} ${value} is in the log`);
  }
  for (const { client, person } of listeners) {
    const friends = client.frames.flatMap(friendsIn);
    const own = person === null ? new Set<string>() : record.contactsOf(person);
    assert.deepEqual(
      friends.filter((name) => !own.has(name)),
      [],
    );
  }
  for (const secret of [...secrets, ...keys]) {
    for (const { text } of heard) assert.ok(!text.includes(secret), `${secret} was sent`);
    if (secret !== server.dataDir) assert.ok(!log.includes(secret), `${secret} is in the log`);
  }

  for (const { protocol, parts, partsOf } of askings) {
    const frames = listeners.flatMap(({ client }) => (client.protocol === protocol ? client.frames : []));
    const met = new Set(frames.flatMap(partsOf));
    assert.deepEqual([...met.difference(parts)], [], `what nobody decided about, in frames of ${protocol}`);
    assert.ok(met.size > parts.size / 2, `${met.size} of ${parts.size} are met by ${protocol}`);
  }
});

/** Who is called a friend in a frame of tagged. */
function friendsIn(frame: string): string[] {
  return [...frame.matchAll(/"username":"([^"]+)"[^{}]*"friend":true/g)].map(([, name = '']) => name);
}
