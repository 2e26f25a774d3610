import assert from 'node:assert/strict';
import { test } from 'node:test';
import { busSamples } from '../../testing/bus-messages.ts';
import { mutate } from '../../testing/mutate.ts';
import { seededRandom } from '../../testing/random.ts';
import type { Subject } from '../core/ports.ts';
import { decodeMessage, encodeMessage } from './codec.ts';
import { MAX_MESSAGE_BYTES } from './limits.ts';

const SPLICES = [
  'null',
  '{}',
  '[]',
  '"type":',
  ',',
  '\\ud800',
  '\u0000',
  '1e999',
  '{"__proto__":1}',
  '-1',
  '0.5',
  'NaN',
];
const ROUNDS = 3_000;
/** The optional fields, below the first entry of a message. */
const OPTIONAL =
  `account.deletedAt account.firstName account.lastName account.picture ban.address closed displayName message.file
message.file.height message.file.width message.font message.replyTo message.via message.withheld people renamedAt row.closed
row.displayName row.people row.renamedAt unit.home upload.height upload.width uploads`.split(/\s/);

function decode(subject: Subject, json: string) {
  return decodeMessage(subject, Buffer.from(json));
}

/** The paths of all fields and items in a value. */
function pathsIn(value: unknown): string[][] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) => [[key], ...pathsIn(inner).map((path) => [key, ...path])]);
}

/** A copy in which `change` was applied to what holds the last key of the path. */
function changed<T>(
  value: T,
  path: readonly string[],
  change: (holder: Record<string, unknown>, key: string) => void,
): T {
  const copy = structuredClone(value);
  let holder = copy as Record<string, unknown>;
  for (const key of path.slice(0, -1)) holder = holder[key] as Record<string, unknown>;
  change(holder, String(path.at(-1)));
  return copy;
}

test('BUS-10 every message arrives as it was', () => {
  for (const { subject, message } of busSamples) {
    const decoded = decodeMessage(subject, encodeMessage(message));
    assert.deepEqual(decoded, { ok: true, value: message }, JSON.stringify(message));
  }
});

test('BUS-10 a message is refused if any of its fields is of another type', () => {
  for (const { subject, message } of busSamples) {
    for (const path of pathsIn(message)) {
      const wrong = changed(message, path, (holder, key) => (holder[key] = { wrong: true }));
      assert.ok(!decode(subject, JSON.stringify(wrong)).ok, `${message.type} with a wrong ${path.join('.')}`);
    }
  }
});

test('BUS-10 a message is refused if any of its fields is missing, but for those that are optional', () => {
  const optional = busSamples.flatMap(({ subject, message }) => {
    const fields = pathsIn(message).filter((path) => !/^\d+$/.test(String(path.at(-1))));
    const spare = fields.filter((path) => {
      const less = changed(message, path, (holder, key) => delete holder[key]);
      return decode(subject, JSON.stringify(less)).ok;
    });
    return spare.map((path) => path.slice(2).join('.'));
  });
  assert.deepEqual([...new Set(optional)].toSorted(), OPTIONAL);
});

test('BUS-10 the limits of all JSON here hold', () => {
  const kick = '"type":"kick","node":"one","person":1';
  assert.ok(decode('nodes', `{${kick},"reason":"r"}`).ok);
  const refused = [
    '',
    'null',
    '[]',
    `{${kick},"reason":"r"`,
    `{${kick},"reason":"r"} {}`,
    `{${kick},"reason":"r","reason":"s"}`,
    `{${kick},"reason":"\\ud800"}`,
    `{${kick},"reason":"r","more":${'['.repeat(16)}${']'.repeat(16)}}`,
    `{${kick.replace('1', '1e400')},"reason":"r"}`,
    `{${kick.replace('1', '0')},"reason":"r"}`,
    `{${kick.replace('1', '9007199254740992')},"reason":"r"}`,
    `{${kick},"reason":"${'x'.repeat(MAX_MESSAGE_BYTES)}"}`,
  ];
  for (const json of refused) assert.ok(!decode('nodes', json).ok, json.slice(0, 80));
  assert.ok(!decodeMessage('nodes', Buffer.from(`{${kick},"reason":"\xff"}`, 'latin1')).ok);
});

test('BUS-10 a message of the largest size is read, however many keys it has', () => {
  const record = { person: 1, name: '', skeleton: '', since: 1, account: true, statusAt: 1, acceptsDirect: true };
  const records: object[] = [];
  const message = { type: 'people', node: 'one', version: 1, part: 0, isLast: true, records };
  const status = { presence: 'online', text: null, spelling: '' };
  for (let bytes = 200; bytes < MAX_MESSAGE_BYTES - 200; bytes += 180) records.push({ ...record, status });
  const json = JSON.stringify(message);
  assert.ok(json.length > MAX_MESSAGE_BYTES / 2 && decode('nodes', json).ok);
});

test('BUS-10 unknown fields are ignored', () => {
  for (const { subject, message } of busSamples) {
    const decoded = decode(subject, JSON.stringify({ ...message, later: { anything: [1] } }));
    assert.ok(decoded.ok, message.type);
  }
});

test('BUS-10 an error repeats nothing of the message', () => {
  for (const json of ['secret', '{"secret":"secret"}', '"secret', '{"a":"secret","a":1}']) {
    const decoded = decode('nodes', json);
    assert.ok(!decoded.ok && !decoded.error.includes('secret'));
  }
});

test('BUS-13 each kind of subject has its own messages, and each kind of stream its own entries', () => {
  const kindOf = (subject: Subject) => String(subject.split('/')[0]);
  const kinds = new Map(busSamples.map(({ subject }) => [kindOf(subject), subject]));
  const belongsOn = busSamples.map(({ message }) => {
    const json = JSON.stringify(message);
    return [json, [...kinds].filter(([, subject]) => decode(subject, json).ok).map(([kind]) => kind)] as const;
  });
  const wanted = Map.groupBy(busSamples, ({ message }) => JSON.stringify(message));
  for (const [json, found] of belongsOn)
    assert.deepEqual(found, [...new Set(wanted.get(json)?.map(({ subject }) => kindOf(subject)))], json);
  for (const subject of ['', 'room', 'constructor', '__proto__/1'] as unknown as Subject[])
    assert.ok(!decode(subject, JSON.stringify(busSamples[0]?.message)).ok);
});

test(`BUS-10 whatever comes is a message or refused, ${ROUNDS} mutations`, () => {
  const random = seededRandom(15);
  let good = 0;
  for (let round = 0; round < ROUNDS; round++) {
    const { subject, message } = random.pick(busSamples);
    const decoded = decodeMessage(subject, mutate(random, [encodeMessage(message)], SPLICES));
    if (!decoded.ok) continue;
    good++;
    assert.deepEqual(decodeMessage(subject, encodeMessage(decoded.value)), decoded);
  }
  assert.ok(good > 0 && good < ROUNDS / 2, `${good} were messages`);
});
