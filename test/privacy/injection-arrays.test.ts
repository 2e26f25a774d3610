import assert from 'node:assert/strict';
import { test } from 'node:test';
import { decode, encode } from '@msgpack/msgpack';
import fc from 'fast-check';
import { asStored, PASSWORD } from '../matrix/driver.ts';
import { drivers } from '../matrix/drivers.ts';
import { openServer } from '../matrix/server.ts';
import { Observations } from '../matrix/observations.ts';
import { openConnection } from '../matrix/connection.ts';
import { isDone, readersAndWriters, words } from './injection.ts';

const RUNS = { numRuns: 150 };
const NAME = 'Reader-in-arrays';

test('T14 texts reach a client of msgpack that speaks in arrays as they reach others, one array a frame', async (t) => {
  const server = await openServer();
  t.after(() => server.close());
  const [, writers] = await readersAndWriters(server);
  const observed = new Observations(NAME);
  const loggedIn = Promise.withResolvers<void>();

  /** A frame holds one array and nothing behind it, or this throws. */
  function hear(frame: string): void {
    const values = decode(Buffer.from(frame, 'latin1'));
    if (!Array.isArray(values) || !values.every((value) => typeof value === 'string' || value === true))
      return observed.fail(new Error(`no array of what there may be: ${JSON.stringify(values)}`));
    const [type, action, ...data] = values;
    const [text, author, group] = data.toReversed();
    const seen = { kind: 'message', author, text, id: null, time: null, font: null } as const;
    if (type === 'response' && values.length === 4) loggedIn.resolve();
    else if (action === 'msg_group') observed.add({ ...seen, conversation: { type: 'group', name: group } });
    else if (action === 'whisper') observed.add({ ...seen, conversation: { type: 'direct' } });
  }

  const binary = { encoding: 'latin1', end: '', lengthOf: () => null } as const;
  const wire = await openConnection('websocket', server.port, binary, { hear, asked: () => [] });
  t.after(() => wire.cut());
  const send = (...values: readonly string[]) => wire.send(Buffer.from(encode(values)).toString('latin1'));
  send('register', NAME, PASSWORD);
  send('login', NAME, PASSWORD);
  await loggedIn.promise;

  let lastTime = 0;
  const property = fc.asyncProperty(fc.nat(drivers.length - 1), fc.boolean(), words(12), async (which, toOne, text) => {
    const kept = asStored(text);
    fc.pre(kept.trim() !== '');
    const { client, name } = writers[which] ?? assert.fail('nobody writes');
    const saying = toOne ? client.sendDirect(NAME, kept, ++lastTime) : client.sendToLobby(kept, ++lastTime);
    if (!(await isDone(saying))) return;
    const where = toOne ? ({ type: 'direct' } as const) : ({ type: 'group', name: 'lobby' } as const);
    await observed.waitFor({ kind: 'message', conversation: where, author: name, text: kept });
  });
  await fc.assert(property, RUNS);
  assert.ok(observed.all.length > RUNS.numRuns / 2, `${observed.all.length}`);
});
