import assert from 'node:assert/strict';
import { test } from 'node:test';
import { decode, encode } from '@msgpack/msgpack';
import fc from 'fast-check';
import { asStored, PASSWORD } from '../matrix/driver.ts';
import { drivers } from '../matrix/drivers.ts';
import { openServer } from '../matrix/server.ts';
import { Observations } from '../matrix/observations.ts';
import { openConnection } from '../matrix/connection.ts';
import { succeeds, openReadersAndWriters, hostileTexts } from './injection.ts';

const RUNS = { numRuns: 150 };
const NAME = 'Reader-in-arrays';

test('T14 texts reach a msgpack client that uses arrays like any other, one array a frame', async (t) => {
  const server = await openServer();
  t.after(() => server.close());
  const [, writers] = await openReadersAndWriters(server);
  const observed = new Observations(NAME);
  const loggedIn = Promise.withResolvers<void>();

  /** Throws unless the frame holds exactly one array. */
  function receive(frame: string): void {
    const values = decode(Buffer.from(frame, 'latin1'));
    if (!Array.isArray(values) || !values.every((value) => typeof value === 'string' || value === true))
      return observed.fail(new Error(`not an array of texts and true: ${JSON.stringify(values)}`));
    const [type, action, ...data] = values;
    const [text, author, group] = data.toReversed();
    const message = { kind: 'message', author, text, id: null, time: null, font: null } as const;
    if (type === 'response' && values.length === 4) loggedIn.resolve();
    else if (action === 'msg_group') observed.add({ ...message, conversation: { type: 'group', name: group } });
    else if (action === 'whisper') observed.add({ ...message, conversation: { type: 'direct' } });
  }

  const binary = { encoding: 'latin1', end: '', lengthOf: () => null } as const;
  const connection = await openConnection('websocket', server.port, binary, { receive, pending: () => [] });
  t.after(() => connection.cut());
  const send = (...values: readonly string[]) => connection.send(Buffer.from(encode(values)).toString('latin1'));
  send('register', NAME, PASSWORD);
  send('login', NAME, PASSWORD);
  await loggedIn.promise;

  let lastTime = 0;
  const property = fc.asyncProperty(
    fc.nat(drivers.length - 1),
    fc.boolean(),
    hostileTexts(12),
    async (which, toOne, text) => {
      const stored = asStored(text);
      fc.pre(stored.trim() !== '');
      const { client, name } = writers[which] ?? assert.fail('no writer');
      const sending = toOne ? client.sendDirect(NAME, stored, ++lastTime) : client.sendToLobby(stored, ++lastTime);
      if (!(await succeeds(sending))) return;
      const conversation = toOne ? ({ type: 'direct' } as const) : ({ type: 'group', name: 'lobby' } as const);
      await observed.waitFor({ kind: 'message', conversation, author: name, text: stored });
    },
  );
  await fc.assert(property, RUNS);
  assert.ok(observed.all.length > RUNS.numRuns / 2, `${observed.all.length}`);
});
