import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import fc from 'fast-check';
import { type TSchema, Type } from 'typebox';
import { Compile } from 'typebox/compile';
import { mutate } from '../../../testing/mutate.ts';
import { seededRandom } from '../../../testing/random.ts';
import type { Decoded } from '../../connections/decoded.ts';
import { encodeJson, JsonFrames, type JsonSide } from '../json-frames.ts';
import { down, type Flaw, type Received, up, writeDown, writeUp } from './codec.ts';
import { type Down, pushSchemas, replySchemas, type Up, upSchemas } from './schema.ts';

type Vector = {
  readonly way: 'up' | 'down';
  /** The input: an object, which is written without blanks; a text; or bytes in hex. */
  readonly object?: object;
  readonly frame?: string;
  readonly hex?: string;
  /** The message; and the object it is written as, if that differs from `object`. */
  readonly message?: Up & Down;
  readonly written?: object;
  readonly flaw?: Flaw;
  readonly reason?: string;
  readonly fatal?: boolean;
  /** The input breaks the schema, and is read all the same. */
  readonly tolerated?: boolean;
  /** In a stream it means something else, or nothing. */
  readonly frameOnly?: boolean;
};

const isUp = Compile(Type.Union(upSchemas as readonly TSchema[] as TSchema[]));
const isDown = Compile(Type.Union([...pushSchemas, ...replySchemas] as readonly TSchema[] as TSchema[]));
const utf8 = new TextEncoder();

function vectors(name: string): readonly Vector[] {
  return JSON.parse(readFileSync(new URL(`vectors/${name}.json`, import.meta.url), 'utf8'));
}

function bytesOf({ object, frame, hex }: Vector): Uint8Array {
  if (hex !== undefined) return Uint8Array.from(Buffer.from(hex, 'hex'));
  return utf8.encode(frame ?? JSON.stringify(object));
}

function decode<M>(side: JsonSide<M>, framing: 'stream' | 'message', chunks: readonly Uint8Array[]): Decoded<M>[] {
  const decoder = new JsonFrames(side, framing);
  return chunks.flatMap((chunk) => [...decoder.push(chunk)]);
}

function expected({
  way,
  object,
  frame = '{}',
  message,
  flaw,
  reason = '',
  fatal = false,
}: Vector): Decoded<Received | Down> {
  if (flaw !== undefined) {
    const { message: named } = (object ?? JSON.parse(frame)) as { readonly message?: unknown };
    return { ok: true, message: { type: 'flaw', flaw, message: typeof named === 'string' ? named : null } };
  }
  if (message === undefined) return { ok: false, reason, fatal };
  return { ok: true, message: way === 'up' ? { type: 'request', request: message } : message };
}

function checkVector(vector: Vector): void {
  const name = vector.hex ?? vector.frame ?? JSON.stringify(vector.object);
  const side: JsonSide<Received | Down> = vector.way === 'up' ? up : down;
  const bytes = bytesOf(vector);
  const read = expected(vector);
  assert.deepEqual(decode(side, 'message', [bytes]), [read], name);
  if (vector.frameOnly !== true) checkInStream(side, bytes, read, name);
  assert.ok((vector.flaw?.reason ?? vector.reason ?? '').length <= 64);
  if (vector.message === undefined) return;
  if (vector.way === 'up' && vector.tolerated !== true)
    assert.ok(isUp.Check(JSON.parse(new TextDecoder().decode(bytes))), `schema of ${name}`);
  const written = JSON.parse(vector.way === 'up' ? writeUp(vector.message) : writeDown(vector.message));
  assert.ok((vector.way === 'up' ? isUp : isDown).Check(written), `schema of what is written for ${name}`);
  if (vector.object !== undefined) assert.deepEqual(written, vector.written ?? vector.object);
}

function checkInStream<M>(side: JsonSide<M>, bytes: Uint8Array, read: Decoded<M>, name: string): void {
  const next = utf8.encode(' {}');
  const [after] = decode(side, 'stream', [next]);
  const both = !read.ok && read.fatal ? [read] : [read, after];
  const stream = Uint8Array.from([...bytes, ...next]);
  const singly = Array.from(stream, (byte) => Uint8Array.of(byte));
  assert.deepEqual(decode(side, 'stream', singly), both, `${name}, one byte at a time`);
  const step = Math.max(1, Math.floor(stream.length / 100));
  for (let cut = 0; cut <= stream.length; cut += step)
    assert.deepEqual(decode(side, 'stream', [stream.slice(0, cut), stream.slice(cut)]), both, `${name}, cut at ${cut}`);
}

test('TAG-01 TAG-02 TAG-12 TAG-13 TAG-14 TAG-15 TAG-22 TAG-24 TAG-30 TAG-41 TAG-92 TAG-95 valid messages, whole, byte by byte and cut anywhere', () => {
  for (const vector of vectors('valid')) checkVector(vector);
});

test('TAG-03 TAG-06 TAG-07 TAG-12 TAG-13 TAG-14 TAG-16 TAG-20 TAG-21 TAG-22 TAG-23 TAG-25 TAG-31 TAG-41 TAG-45 T2 T3 T4 T9 T10 each invalid message has a reason, and ends the stream or not', () => {
  for (const vector of vectors('invalid')) checkVector(vector);
});

test('TAG-01 the examples printed in tagged.txt, and the same with corrected misprints', () => {
  for (const vector of vectors('printed')) checkVector(vector);
});

test('TAG-22 a reason repeats nothing of the request', () => {
  for (const { flaw, reason, object } of vectors('invalid')) {
    const words = flaw?.reason ?? reason ?? '';
    for (const value of Object.values(object ?? {}))
      if (typeof value === 'string' && value.length > 12) assert.ok(!words.includes(value));
  }
});

const text = fc.string({ unit: 'binary', minLength: 1, maxLength: 40 });
const tagged = {
  tag: fc.oneof(
    fc.string({ unit: 'binary', maxLength: 20 }).filter((tag) => !tag.startsWith('_')),
    fc.integer(),
  ),
};
const hash = fc.string({ unit: fc.constantFrom(...'0123456789abcdefABCDEF'), minLength: 64, maxLength: 64 });
const timestamp = fc.integer({ min: -62_167_219_200_000, max: 253_402_300_799_999 });
const font = fc.record(
  {
    family: fc.string({ unit: fc.constantFrom(...'Az09 -éжゴमँ'), minLength: 1, maxLength: 40 }),
    color: fc
      .string({ unit: fc.constantFrom(...'0123456789abcdefABCDEF'), minLength: 6, maxLength: 6 })
      .map((hex) => `#${hex}`),
    style: fc.subarray([...'bius']).map((letters) => letters.join('')),
  },
  { noNullPrototype: true },
);
const parts = fc
  .constantFrom('family', 'color', 'style')
  .chain((part) => font.map(({ [part as 'style']: _, ...rest }) => rest));
const id = fc.uuid({ version: 7 });
const name = <T extends string>(value: T) => fc.constant(value);

/** All of the `needed` fields, and any of the `optional` ones. */
function record<T extends object, O extends object = object>(
  needed: { [K in keyof T]: fc.Arbitrary<T[K]> },
  optional?: { [K in keyof O]: fc.Arbitrary<O[K]> },
): fc.Arbitrary<T & Partial<O>> {
  const requiredKeys = Object.keys(needed) as never[];
  return fc.record({ ...needed, ...optional }, { requiredKeys, noNullPrototype: true }) as fc.Arbitrary<T & Partial<O>>;
}

const said = { to: text, body: text, timestamp };
const mayBeSaid = { ...tagged, font: fc.oneof(font, parts), nonce: text.map((made) => made.slice(0, 40)) };
const page = { ...tagged, before: id, limit: fc.integer({ min: 1, max: 200 }) };
const anyUp: fc.Arbitrary<Up> = fc.oneof(
  record(
    { message: name('login'), username: text },
    { ...tagged, password: hash, initial_status: text, version: name('1').map(() => 1 as const), echo: fc.boolean() },
  ),
  record({ message: name('logout') }, { ...tagged, reason: text }),
  record({ message: name('chat.user'), ...said }, mayBeSaid),
  record({ message: name('chat.group'), ...said }, mayBeSaid),
  record({ message: name('list.friends') }, tagged),
  record({ message: name('list.groups') }, tagged),
  record({ message: name('detail.users'), usernames: fc.array(text, { maxLength: 100 }) }, tagged),
  record({ message: name('detail.groups'), groupnames: fc.array(text) }, tagged),
  record({ message: name('me.name'), display_name: text }, tagged),
  record({ message: name('me.status'), status: text }, tagged),
  record({ message: name('register'), username: text, password: hash }, { ...tagged, display_name: text }),
  ...(['friend.add', 'friend.remove', 'block.add', 'block.remove'] as const).map((message) =>
    record({ message: name(message), username: text }, tagged),
  ),
  record({ message: name('group.create'), groupname: text }, { ...tagged, display_name: text }),
  record({ message: name('group.join'), groupname: text }, tagged),
  record({ message: name('group.leave'), groupname: text }, tagged),
  record({ message: name('history.user'), username: text }, page),
  record({ message: name('history.group'), groupname: text }, page),
  record({ message: name('chat.edit'), id, body: text }, { ...tagged, font }),
  record({ message: name('chat.delete'), id }, tagged),
  record({ message: name('me.password'), old: hash, new: hash }, tagged),
);

const push = { tag: id.map((made) => `_${made}`) };
const user = record(
  { username: text, display_name: text, status: text, friend: fc.option(fc.boolean()) },
  { guest: fc.boolean() },
);
const group = record(
  { groupname: text, display_name: text, members: fc.array(text, { maxLength: 4 }), member: fc.option(fc.boolean()) },
  { members_total: fc.nat() },
);
const chat = fc.oneof(
  record({ message: name('chat.user'), from: text, font, body: text, timestamp }, { ...push, id, to: text }),
  record({ message: name('chat.group'), from: text, via: text, font, body: text, timestamp }, { ...push, id }),
);
const reply = {
  result: fc.constantFrom(200, 201, 202, 204, 205, 206, 400, 401, 403, 404, 500, 501, 503, 505),
  result_message: text,
};
const mayReply = { tag: text, retry_after: fc.integer({ min: 1 }) };
const users = fc.array(user, { maxLength: 4 });
const groups = fc.array(group, { maxLength: 4 });
const anyDown = fc.oneof(
  chat,
  record({ message: name('detail.users'), users }, push),
  record({ message: name('detail.groups'), groups }, push),
  record({ reply: name('default'), ...reply }, { ...mayReply, id }),
  record(
    { reply: name('login'), ...reply },
    { ...mayReply, me: record({ username: text, display_name: text, status: text }) },
  ),
  record({ reply: name('detail.users'), ...reply, users }, mayReply),
  record({ reply: name('detail.groups'), ...reply, groups }, mayReply),
  record({ reply: name('history'), ...reply, messages: fc.array(chat, { maxLength: 4 }) }, mayReply),
) as fc.Arbitrary<Down>;

function checkRoundTrip<M>(side: JsonSide<M>, written: string, message: M): void {
  assert.deepEqual(decode(side, 'message', [encodeJson(written, 'message')]), [{ ok: true, message }]);
  const line = encodeJson(written, 'stream');
  assert.equal(line.indexOf(0x0a), line.length - 1);
  assert.deepEqual(decode(side, 'stream', [line]), [{ ok: true, message }]);
}

test('TAG-04 TAG-12 TAG-14 TAG-30 a message written by a client reads back the same', () => {
  const check = (request: Up) => {
    const written = writeUp(request);
    assert.ok(isUp.Check(JSON.parse(written)), written);
    checkRoundTrip(up, written, { type: 'request', request });
  };
  fc.assert(fc.property(anyUp, check), { numRuns: 2000 });
});

test('TAG-04 TAG-12 TAG-13 TAG-14 T14 a message written by the server reads back the same', () => {
  const check = (message: Down) => {
    const written = writeDown(message);
    assert.ok(isDown.Check(JSON.parse(written)), written);
    checkRoundTrip(down, written, message);
  };
  fc.assert(fc.property(anyDown, check), { numRuns: 2000 });
});

test('TAG-23 T6 detail.users and detail.groups take 1,000 names, and no more', () => {
  for (const [message, field] of [
    ['detail.users', 'usernames'],
    ['detail.groups', 'groupnames'],
  ] as const)
    for (const [count, type] of [
      [1_000, 'request'],
      [1_001, 'flaw'],
    ] as const) {
      const names = Array.from({ length: count }, (_, index) => `name ${index}`);
      const [read] = decode(up, 'message', [utf8.encode(JSON.stringify({ message, [field]: names }))]);
      assert.equal(read?.ok === true && read.message.type, type);
    }
});

test('TAG-92 a number as tag stays as it came, digit by digit, whatever objects stand around it', () => {
  for (const number of ['0', '-0', '1.0', '1e3', '1E+2', '12345678901234567890', '0.1000', '-7', '9007199254740993']) {
    const frame = `{"font":{"tag":5},"tag" : ${number},"x":[{"tag":6}],"message":"list.friends","":{"tag":7}}`;
    const [read] = decode(up, 'message', [utf8.encode(frame)]);
    assert.ok(read?.ok === true && read.message.type === 'request');
    assert.equal(writeUp(read.message.request), `{"message":"list.friends","tag":${number}}`);
  }
});

test('TAG-91 a refused tag is kept for the reply, as it came', () => {
  for (const tag of ['"_1"', '["a",{"b":1}]', '{"rawJSON":"1"}', 'true', 'false', '""', `"${'x'.repeat(65)}"`]) {
    const [read] = decode(up, 'message', [utf8.encode(`{"message":"list.friends","tag":${tag}}`)]);
    assert.ok(read?.ok === true);
    const kept = read.message.type === 'flaw' ? read.message.flaw.tag : read.message.request.tag;
    assert.equal(JSON.stringify(kept), tag);
    assert.equal(read.message.type, tag === '""' ? 'request' : 'flaw');
  }
});

test('TAG-05 T1 the limit holds exactly, in both framings, and a too long message is not kept', () => {
  const tooLong = { ok: false, reason: 'a message is too long', fatal: true };
  const next = utf8.encode('{"message":"list.friends"}');
  for (const [size, fits] of [
    [65_535, true],
    [65_536, true],
    [65_537, false],
  ] as const) {
    const frame = utf8.encode(`{"message":"list.groups","x":"${'x'.repeat(size - 32)}"}`);
    assert.equal(frame.length, size);
    const whole = decode(up, 'message', [frame]);
    const stream = decode(up, 'stream', [frame, next]);
    if (fits)
      assert.deepEqual(
        [...whole, ...stream].map(({ ok }) => ok),
        [true, true, true],
      );
    else assert.deepEqual([whole, stream], [[tooLong], [tooLong]]);
  }
  const decoder = new JsonFrames(up, 'stream');
  const chunk = new Uint8Array(1 << 20).fill(0x7b);
  assert.equal(Array.from({ length: 16 }, () => [...decoder.push(chunk)]).flat().length, 1);
  assert.equal(decoder.pending, false);
});

test('TAG-02 a decoder knows whether it holds part of a message', () => {
  const stream = new JsonFrames(up, 'stream');
  assert.equal(stream.pending, false);
  assert.deepEqual([...stream.push(utf8.encode(' {"message":'))], []);
  assert.equal(stream.pending, true);
  assert.equal([...stream.push(utf8.encode('"list.groups"} '))].length, 1);
  assert.equal(stream.pending, false);
  const frames = new JsonFrames(up, 'message');
  assert.equal([...frames.push(utf8.encode('{"message":'))].length, 1);
  assert.equal(frames.pending, false);
});

test('TAG-04 a frame has one object, a stream has one object and a newline', () => {
  const written = writeDown({ reply: 'default', result: 200, result_message: 'a\nb' });
  assert.equal(new TextDecoder().decode(encodeJson(written, 'message')), written);
  assert.equal(new TextDecoder().decode(encodeJson(written, 'stream')), `${written}\n`);
  assert.ok(!written.includes('\n'));
});

test('TAG-25 a message that would read back differently is not written', () => {
  const login = { message: 'login', username: 'alice' } as const;
  const chat = { message: 'chat.user', to: 'bob', body: 'a', timestamp: 0 } as const;
  for (const wrong of [
    { ...login, tag: '_1' },
    { ...login, tag: 'x'.repeat(65) },
    { ...login, tag: '\ud800' },
    { ...login, username: 'a\udc00' },
    { ...login, password: 'secret' },
    { ...chat, body: 'a\ud800' },
    { ...chat, nonce: '' },
    { ...chat, body: 'x'.repeat(60_000) },
    { message: 'detail.users', usernames: Array.from({ length: 1_001 }, () => 'a') } as const,
  ])
    assert.throws(() => writeUp(wrong), TypeError, JSON.stringify(wrong).slice(0, 80));
  for (const moment of [Number.NaN, 253_402_300_800_000, -62_167_219_200_001, 9e15])
    assert.throws(() => writeUp({ ...chat, timestamp: moment }), RangeError);
});

test('TAG-06 any bytes give messages of the schema or reasons, and never an exception', () => {
  const anyBytes = fc.oneof(
    fc.uint8Array({ maxLength: 200 }),
    fc.jsonValue().map((made) => utf8.encode(JSON.stringify(made))),
    fc
      .record({
        message: fc.constantFrom(...upSchemas.map(({ properties }) => properties.message.const)),
        x: fc.jsonValue(),
      })
      .map((made) => utf8.encode(JSON.stringify(made))),
  );
  fc.assert(
    fc.property(fc.array(anyBytes, { maxLength: 5 }), (chunks) => {
      for (const framing of ['stream', 'message'] as const) {
        for (const read of decode(up, framing, chunks)) checkUp(read);
        for (const read of decode(down, framing, chunks)) checkDown(read);
      }
    }),
    { numRuns: 2000 },
  );
});

test('TAG-06 T2 T3 T4 30,000 mutated messages give messages of the schema or reasons', () => {
  const random = seededRandom(3);
  const seeds = [...vectors('valid'), ...vectors('printed')].map(bytesOf).filter(({ length }) => length < 2_000);
  const splices = [
    '{',
    '}',
    '"',
    '\\',
    ',',
    ':',
    '[',
    ']',
    '"message":"chat.user",',
    '"tag":"_",',
    '"__proto__":{},',
    '\\ud800',
    '1e999',
    'null',
    '\0',
    ' ',
  ];
  for (let round = 0; round < 30_000; round++) {
    const chunk = [mutate(random, seeds, splices)];
    for (const framing of ['stream', 'message'] as const) for (const read of decode(up, framing, chunk)) checkUp(read);
    for (const read of decode(down, 'message', chunk)) checkDown(read);
  }
});

function checkUp(read: Decoded<Received>): void {
  if (!read.ok) assert.ok(read.reason.length <= 64);
  else if (read.message.type === 'flaw') assert.ok(read.message.flaw.reason.length <= 64);
  else assert.ok(isUp.Check(JSON.parse(writeUp(read.message.request))));
}

function checkDown(read: Decoded<Down>): void {
  if (read.ok) assert.ok(isDown.Check(JSON.parse(writeDown(read.message))), JSON.stringify(read.message));
  else assert.ok(read.reason.length <= 64);
}
