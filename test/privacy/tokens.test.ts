import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openServer } from '../matrix/server.ts';
import { tokensIn } from './requests/msgpack.ts';
import { simulateTraffic } from './traffic.ts';
import { readFiles, encodingsOf } from './leak-search.ts';
import { StorageRecorder } from './storage-recorder.ts';
import { readable } from './leak-search.ts';

/** The tokens that a client of documents was given. */
function givenTokens(frames: readonly string[]): string[] {
  return frames.flatMap((frame) => /"cls":"token","status":200,"data":\{"token":"([^"]+)"/.exec(frame)?.[1] ?? []);
}

test('T20 T21 DOC-170 a token is sent in the answer to the request for it, and is nowhere else: not sent, logged or stored', async (t) => {
  const recorder = new StorageRecorder();
  const server = await openServer({}, (storage) => recorder.wrap(storage));
  t.after(() => server.close());
  const { recipients } = await simulateTraffic(server);
  await server.world.stop();

  const given = recipients.flatMap(({ client }) => (client.protocol === 'documents' ? givenTokens(client.frames) : []));
  const ofLogins = recipients.flatMap(({ client }) => (client.protocol === 'msgpack' ? tokensIn(client.frames) : []));
  assert.ok(given.length > 0 && ofLogins.length > 5, `${given.length}, ${ofLogins.length}`);
  const tokens = [...given, ...ofLogins];
  assert.equal(new Set(tokens).size, tokens.length, 'new each time');
  const frames = recipients.flatMap(({ client }) => client.frames.map(readable));
  const files = readFiles(server.dataDir);
  const elsewhere = [...files, server.log.join(''), JSON.stringify([recorder.puts, recorder.once])];
  assert.ok(
    files.some((text) => text.includes('Newcomer01')),
    'what is stored is found',
  );
  for (const token of tokens) {
    for (const encoding of encodingsOf(token)) {
      const sent = frames.filter((frame) => frame.includes(encoding));
      assert.equal(sent.length, encoding === token ? 1 : 0, `${encoding} was sent`);
      for (const text of elsewhere) assert.ok(!text.includes(encoding), `${encoding} is stored`);
    }
  }
});
