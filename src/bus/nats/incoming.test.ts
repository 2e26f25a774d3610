import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { connect } from '@nats-io/transport-node';
import { busSamples } from '../../../testing/bus-messages.ts';
import { Heard, joinNats, kick } from '../../../testing/bus-members.ts';
import { mutate } from '../../../testing/mutate.ts';
import { natsForTests, noNats } from '../../../testing/nats.ts';
import { seededRandom } from '../../../testing/random.ts';
import type { BusMessage } from '../../core/model/bus-message.ts';
import { decodeMessage, encodeMessage } from '../codec.ts';
import { natsSubject } from './subjects.ts';
import { parseNatsUrl } from './url.ts';

const options = { skip: noNats };
const ROUNDS = 2_000;

/** A member of a bus, and a client of the same server that is no node. */
async function withStranger(t: TestContext) {
  const url = (await natsForTests(t)).make();
  const member = await joinNats(t, url, 'one');
  const address = parseNatsUrl(url);
  assert.ok(address.ok);
  const { servers, prefix, credentials } = address.value;
  const stranger = await connect({ servers: [...servers], ...credentials });
  t.after(() => stranger.close());
  const name = (subject: Parameters<typeof natsSubject>[1]) => natsSubject(prefix, subject);
  return { ...member, stranger, name };
}

test('BUS-11 what is no message is dropped, counted and logged without its content', options, async (t) => {
  const { bus, log, stranger, name } = await withStranger(t);
  const heard = new Heard({ bus }, 'nodes');
  await bus.settled();
  for (const text of ['', 'secret', '{"type":"kick","node":"two","person":0,"reason":"secret"}', '[]', '\u0000'])
    stranger.publish(name('nodes'), text);
  stranger.publish(name('nodes'), encodeMessage({ type: 'position', node: 'two', position: 1 })); // BUS-13
  stranger.publish(name('nodes'), encodeMessage(kick('two', 'last')));
  await heard.until('last');
  assert.deepEqual(heard.messages, [kick('two', 'last')]);
  assert.deepEqual([bus.counts.invalid, log.count('bus-message-invalid')], [6, 6]);
  assert.ok(!JSON.stringify(log.lines).includes('secret'));
});

test(`BUS-11 whatever a stranger sends, only messages reach the world, ${ROUNDS} mutations`, options, async (t) => {
  const { bus, stranger, name } = await withStranger(t);
  const random = seededRandom(23);
  const subjects = [...new Set(busSamples.map(({ subject }) => subject))];
  const got: string[] = [];
  for (const subject of subjects)
    bus.subscribe(subject, (message) => got.push(`${subject} ${JSON.stringify(message)}`));
  const last = new Heard({ bus }, 'node/last');
  await bus.settled();
  const wanted: string[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    const { message } = random.pick(busSamples);
    const subject = random.pick(subjects);
    const bytes = mutate(random, [encodeMessage(message)], ['"node":"one"', '{}', 'null', '\u0000', '\r\n', '\\ud800']);
    stranger.publish(name(subject), bytes);
    const decoded = decodeMessage(subject, bytes);
    if (decoded.ok && decoded.value.node !== 'one') wanted.push(`${subject} ${JSON.stringify(decoded.value)}`);
  }
  stranger.publish(name('node/last'), encodeMessage(kick('two', 'last')));
  await last.until('last');
  assert.deepEqual(got, wanted);
  assert.ok(got.length > 0 && bus.counts.invalid > ROUNDS / 2);
});

test('BUS-12 a message that names this node as its sender is dropped', options, async (t) => {
  const { bus, stranger, name } = await withStranger(t);
  const heard = new Heard({ bus }, 'nodes');
  await bus.settled();
  for (const node of ['one', 'two']) stranger.publish(name('nodes'), encodeMessage(kick(node, node)));
  await heard.until('two');
  assert.deepEqual(heard.marks, ['two']);
});

test('BUS-14 an error in a receiver is reported as any error, and nobody else is affected', options, async (t) => {
  const { bus, stranger, name } = await withStranger(t);
  const errors: unknown[] = [];
  const others = process.listeners('uncaughtException');
  process.removeAllListeners('uncaughtException');
  process.on('uncaughtException', (error) => errors.push(error));
  t.after(() => {
    process.removeAllListeners('uncaughtException');
    for (const listener of others) process.on('uncaughtException', listener);
  });
  const wrong = new Error('wrong');
  const fail = (message: BusMessage) => {
    if (message.type === 'kick' && message.reason === 'first') throw wrong;
  };
  bus.subscribe('nodes', fail);
  const heard = new Heard({ bus }, 'nodes');
  await bus.settled();
  for (const reason of ['first', 'second']) stranger.publish(name('nodes'), encodeMessage(kick('two', reason)));
  await heard.until('second');
  assert.deepEqual([heard.marks, errors], [['first', 'second'], [wrong]]);
});
