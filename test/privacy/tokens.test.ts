import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openServer } from '../matrix/server.ts';
import { tokensIn } from './requests/msgpack.ts';
import { busyHour } from './traffic.ts';
import { keptIn, spellings } from './kept.ts';
import { Record } from './storage-recorder.ts';
import { readable } from './leak-search.ts';

test('T20 T21 a token is in the answer to its own login, and in nothing else that is sent, logged or kept', async (t) => {
  const record = new Record();
  const server = await openServer({}, (storage) => record.around(storage));
  t.after(() => server.close());
  const { listeners } = await busyHour(server);
  await server.world.stop();

  const tokens = listeners.flatMap(({ client }) => (client.protocol === 'msgpack' ? tokensIn(client.frames) : []));
  assert.ok(tokens.length > 5, `${tokens.length}`);
  assert.equal(new Set(tokens).size, tokens.length, 'new at each login');
  const frames = listeners.flatMap(({ client }) => client.frames.map(readable));
  const kept = keptIn(server.dataDir);
  const elsewhere = [...kept, server.log.join(''), JSON.stringify([record.puts, record.once])];
  assert.ok(
    kept.some((text) => text.includes('Newcomer01')),
    'what is kept is found',
  );
  for (const token of tokens) {
    for (const spelling of spellings(token)) {
      const sent = frames.filter((frame) => frame.includes(spelling));
      assert.equal(sent.length, spelling === token ? 1 : 0, `${spelling} was sent`);
      for (const text of elsewhere) assert.ok(!text.includes(spelling), `${spelling} is kept`);
    }
  }
});
