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
import { down, type Received, up, writeDown, writeUp } from './codec.ts';
import type { Heading, Problem } from './errors.ts';
import { type Down, downSchemas, type Key, type Up, upSchemas } from './schema.ts';

type Vector = {
  readonly way: 'up' | 'down';
  /** The input: an object, which is written without blanks; a text; or bytes in hex. */
  readonly object?: object;
  readonly frame?: string;
  readonly hex?: string;
  /** The message; and the object it is written as, if that differs from `object`. */
  readonly message?: Up & Down;
  readonly written?: object;
  readonly flaw?: { readonly heading: Heading; readonly problem: Problem };
  readonly ignored?: true;
  readonly reason?: string;
  readonly fatal?: boolean;
  /** The input breaks the schema, and is read all the same. */
  readonly tolerated?: boolean;
  /** In a stream it means something else, or nothing. */
  readonly frameOnly?: boolean;
};

const isUp = Compile(Type.Union(upSchemas as readonly TSchema[] as TSchema[]));
const isDown = Compile(Type.Union(downSchemas as readonly TSchema[] as TSchema[]));
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

function expected({ way, message, flaw, ignored, reason = '', fatal = false }: Vector): Decoded<Received | Down> {
  if (flaw !== undefined) return { ok: true, message: { type: 'flaw', ...flaw } };
  if (ignored === true) return { ok: true, message: { type: 'ignored' } };
  if (message === undefined) return { ok: false, reason, fatal };
  return { ok: true, message: way === 'up' ? { type: 'message', message } : message };
}

function checkVector(vector: Vector): void {
  const name = vector.hex ?? vector.frame ?? JSON.stringify(vector.object);
  const side: JsonSide<Received | Down> = vector.way === 'up' ? up : down;
  const bytes = bytesOf(vector);
  const read = expected(vector);
  assert.deepEqual(decode(side, 'message', [bytes]), [read], name);
  if (vector.frameOnly !== true) checkInStream(side, bytes, read, name);
  assert.ok((vector.flaw?.problem.msg ?? vector.reason ?? '').length <= 64);
  if (vector.message === undefined) return;
  if (vector.way === 'up') {
    const isOfSchema = isUp.Check(JSON.parse(new TextDecoder().decode(bytes)));
    assert.equal(isOfSchema, vector.tolerated !== true, `schema of ${name}`);
  }
  const written = vector.way === 'up' ? writeUp(vector.message) : writeDown(vector.message);
  assert.ok((vector.way === 'up' ? isUp : isDown).Check(JSON.parse(written)), `schema of what is written for ${name}`);
  if (vector.object !== undefined) assert.equal(written, JSON.stringify(vector.written ?? vector.object));
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

test('DOC-01 DOC-02 DOC-14 DOC-15 DOC-17 DOC-18 DOC-19 DOC-20 DOC-21 DOC-22 DOC-23 DOC-25 DOC-26 DOC-28 DOC-30 DOC-31 DOC-32 DOC-33 DOC-34 DOC-35 DOC-36 DOC-140 DOC-145 DOC-160 DOC-162 DOC-170 DOC-171 DOC-172 valid messages, whole, byte by byte and cut anywhere', () => {
  for (const vector of vectors('valid')) checkVector(vector);
});

test('DOC-03 DOC-06 DOC-07 DOC-09 DOC-10 DOC-11 DOC-13 DOC-16 DOC-18 DOC-19 DOC-21 DOC-22 DOC-23 DOC-25 DOC-26 DOC-27 DOC-28 DOC-140 DOC-145 DOC-160 DOC-171 T2 T3 T4 T9 T10 each invalid message has a reason, and ends the stream or not', () => {
  for (const vector of vectors('invalid')) checkVector(vector);
});

test('DOC-01 DOC-32 the examples printed in documents.txt, and the same with corrected misprints', () => {
  for (const vector of vectors('printed')) checkVector(vector);
});

test('DOC-13 a reason repeats nothing of the request', () => {
  for (const { flaw, object } of vectors('invalid')) {
    const { data } = (object ?? {}) as { readonly data?: unknown };
    for (const value of Object.values(data ?? {}))
      if (typeof value === 'string' && value.length > 4) assert.ok(!flaw?.problem.msg.includes(value));
  }
});

const text = fc.string({ unit: 'binary', maxLength: 20 });
const id = fc.string({ unit: 'binary', minLength: 1, maxLength: 20 });
const number = fc.maxSafeNat();
const positive = fc.integer({ min: 1 });
const flag = fc.boolean();
const name = <T extends string | number>(value: T) => fc.constant(value);

/** All of the `needed` fields, and any of the `optional` ones. */
function record<T extends object, O extends object = object>(
  needed: { [K in keyof T]: fc.Arbitrary<T[K]> },
  optional?: { [K in keyof O]: fc.Arbitrary<O[K]> },
): fc.Arbitrary<T & Partial<O>> {
  const requiredKeys = Object.keys(needed) as never[];
  return fc.record({ ...needed, ...optional }, { requiredKeys, noNullPrototype: true }) as fc.Arbitrary<T & Partial<O>>;
}

const keyOf = <T extends Key['type']>(...types: readonly T[]) =>
  record({ type: fc.constantFrom(...types), id: number });
const pairKeyOf = <T extends Key['type']>(type: T) => record({ type: name(type), id: fc.tuple(number, number) });
const [user, room, msg] = [keyOf('user'), keyOf('room'), pairKeyOf('msg')];
const rooms = keyOf('rooms', 'conversations');
const listOfPeople = keyOf('fav', 'blocked', 'members');
const key = fc.oneof(user, room, rooms, listOfPeople, msg, pairKeyOf('member'), keyOf('index', 'unit'));
const ver = fc.tuple(text, number);
const view = fc.constantFrom('asc', 'desc', 'asc_pres_first', 'desc_pres_first', 'recent');
const size = fc.integer({ min: 1, max: 200 });
const path = fc.constantFrom('', '/', '/status', '/a~1b/~0', '/0/-');
const value = fc.oneof(fc.constantFrom(null, true, 'x'), fc.jsonValue({ maxDepth: 2 }));
const changes = fc.oneof(
  record({ op: fc.constantFrom('add', 'replace'), path, value }),
  record({ op: name('remove'), path }),
);
const patch = fc.array(fc.oneof(changes, record({ op: name('test'), path, value })), { maxLength: 5 });

const request = <T extends object>(cls: string, data: fc.Arbitrary<T>) =>
  record({ type: name('request'), id, cls: name(cls), data });
const anyUp = fc.oneof(
  request('login', record({ username: text }, { password: text })),
  request('login', record({ username: text, token: text })),
  record({ type: name('request'), cls: name('logout') }, { id, data: record({ token: text }) }).map(
    ({ type, cls, data, ...rest }) => ({ type, ...rest, cls, ...(data && { data }) }),
  ),
  request('reconnect', record({ session: text })),
  request('get_content', record({ key }, { ver, subscribe: flag })),
  request('get_children', record({ key }, { ver, view, page: positive, size, before: positive, subscribe: flag })),
  request('patch_content', record({ key, patch }, { ver })),
  request(
    'add_child',
    record({
      key: rooms,
      obj: record(
        { key: record({ type: name('room') }, { id: number }) },
        { name: text, open: flag, members: fc.array(record({ key: user }), { maxLength: 3 }) },
      ),
    }),
  ),
  request(
    'add_child',
    record({ key: room, obj: record({ key: record({ type: name('msg') }), text }, { reply_to: msg }) }),
  ),
  request('add_child', record({ key: listOfPeople, obj: record({ key: user }) })),
  request('remove_child', record({ key: rooms, obj: record({ key: room }) })),
  request('remove_child', record({ key: room, obj: record({ key: msg }) })),
  request('remove_child', record({ key: listOfPeople, obj: record({ key: user }) })),
  request('register', record({ username: text, password: text }, { display_name: text })),
  request('password', record({ old: text, new: text })),
  record({ type: name('request'), id, cls: name('token') }),
  request('delete_account', record({ password: text })),
  request('search', record({ text }, { room, sender: user, size, before: msg })),
  request('search', record({ sender: user }, { text })),
  request('ban', record({ room, person: user }, { until: number, reason: text })),
  record({ type: name('notify'), cls: fc.constantFrom('subscribe', 'revoke'), data: fc.array(key, { maxLength: 5 }) }),
  record({ type: name('notify'), cls: name('typing'), data: record({ key: room }, { typing: flag }) }),
  record({ type: name('result'), id, cls: name('changed'), status: name(200) }),
  record({ type: name('error'), id, cls: name('changed') }),
) as fc.Arbitrary<Up>;

const content = fc.dictionary(id, value, { maxKeys: 3, noNullPrototype: true });
const result = (cls: string, status: number, data?: fc.Arbitrary<object>) =>
  record({ type: name('result'), id, cls: name(cls), status: name(status), ...(data && { data }) });
const page = { key, ver, view };
const pageSize = { size, total: number };
const anyDown = fc.oneof(
  result(
    'login',
    200,
    record(
      {
        session: text,
        self: user,
        rooms: keyOf('rooms'),
        fav: keyOf('fav'),
        root: keyOf('index'),
        home: keyOf('unit'),
        config: record({ media_server: text }),
      },
      { blocked: keyOf('blocked') },
    ),
  ),
  record({ type: name('result'), cls: name('logout'), status: name(200) }, { id }),
  ...['logout', 'reconnect', 'remove_child', 'password', 'delete_account', 'ban'].map((cls) => result(cls, 200)),
  result('register', 201),
  result('get_content', 204),
  result('get_children', 204),
  result('get_content', 200, record({ key, ver, content })),
  result('get_content', 206, record({ key, ver, patch: fc.array(changes, { maxLength: 3 }) })),
  result(
    'get_children',
    200,
    record({ ...page, index: positive, ...pageSize, page: fc.array(content, { maxLength: 3 }) }),
  ),
  result(
    'get_children',
    206,
    record({ ...page, page: positive, index: positive, ...pageSize, patch: fc.array(changes, { maxLength: 3 }) }),
  ),
  result('token', 200, record({ token: text })),
  result('patch_content', 200, record({ ver })),
  result('add_child', 200, record({ key })),
  record(
    {
      type: name('error'),
      status: fc.integer({ min: 400, max: 599 }),
      data: record({ code: fc.integer({ min: 4_000_000, max: 5_999_999 }), msg: text }, { retry_after: positive }),
    },
    { id, cls: text },
  ),
  record({
    type: name('request'),
    id,
    cls: name('changed'),
    data: fc.array(record({ key, content: flag, children: flag }), { maxLength: 3 }),
  }),
  record({ type: name('notify'), cls: name('typing'), data: record({ key: room, user, typing: flag }) }),
) as fc.Arbitrary<Down>;

function checkRoundTrip<M>(side: JsonSide<M>, written: string, message: M): void {
  // JSON has no -0, and the package of schemas does not care for the order of keys.
  const normal = JSON.parse(JSON.stringify(message)) as M;
  assert.deepEqual(decode(side, 'message', [encodeJson(written, 'message')]), [{ ok: true, message: normal }]);
  const line = encodeJson(written, 'stream');
  assert.equal(line.indexOf(0x0a), line.length - 1);
  assert.deepEqual(decode(side, 'stream', [line]), [{ ok: true, message: normal }]);
}

test('DOC-04 DOC-14 DOC-20 a message written by a client reads back the same', () => {
  const check = (message: Up) => {
    const written = writeUp(message);
    assert.ok(isUp.Check(JSON.parse(written)), written);
    checkRoundTrip(up, written, { type: 'message', message });
  };
  fc.assert(fc.property(anyUp, check), { numRuns: 1000 });
});

test('DOC-04 DOC-31 DOC-35 DOC-36 T14 a message written by the server reads back the same', () => {
  const check = (message: Down) => {
    const written = writeDown(message);
    assert.ok(isDown.Check(JSON.parse(written)), written);
    checkRoundTrip(down, written, message);
  };
  fc.assert(fc.property(anyDown, check), { numRuns: 1000 });
});

test('DOC-30 an answer begins with its type, id, cls and status, however it was made', () => {
  const made = { status: 200, cls: 'reconnect', id: 'a', type: 'result' } as const;
  assert.equal(writeDown(made), '{"type":"result","id":"a","cls":"reconnect","status":200}');
  const withData = { data: { ver: ['x', 1] as [string, number] }, cls: 'patch_content', id: 'a', status: 200 } as const;
  assert.equal(
    writeDown({ ...withData, type: 'result' }),
    '{"type":"result","id":"a","cls":"patch_content","status":200,"data":{"ver":["x",1]}}',
  );
});

test('DOC-05 T1 the limit holds exactly, in both framings, and a too long message is not kept', () => {
  const tooLong = { ok: false, reason: 'a message is too long', fatal: true };
  for (const [size, fits] of [
    [65_535, true],
    [65_536, true],
    [65_537, false],
  ] as const) {
    const start = '{"type":"request","id":"a","cls":"logout","x":"';
    const frame = utf8.encode(`${start}${'x'.repeat(size - start.length - 2)}"}`);
    assert.equal(frame.length, size);
    for (const framing of ['message', 'stream'] as const) {
      const read = decode(up, framing, [frame]);
      if (fits) assert.equal(read[0]?.ok, true);
      else assert.deepEqual(read, [tooLong]);
    }
  }
  const decoder = new JsonFrames(up, 'stream');
  const chunk = new Uint8Array(1 << 20).fill(0x7b);
  assert.equal(Array.from({ length: 16 }, () => [...decoder.push(chunk)]).flat().length, 1);
  assert.equal(decoder.pending, false);
});

test('DOC-06 T3 T6 a list of subscriptions may have 4,096 keys in all, and no more', () => {
  const list = (count: number, extra: object) => {
    const data = Array.from({ length: count }, () => ({ type: 'fav', id: 1 }));
    return decode(up, 'message', [utf8.encode(JSON.stringify({ type: 'notify', cls: 'revoke', data, ...extra }))]);
  };
  assert.equal(list(2_046, { x: 0 })[0]?.ok, true);
  assert.deepEqual(list(2_046, { x: 0, y: 0 }), [{ ok: false, reason: 'too many keys', fatal: true }]);
});

test('DOC-10 DOC-13 DOC-23 a message that would read back differently is not written', () => {
  const login = { type: 'request', id: 'a', cls: 'login', data: { username: 'alice' } } as const;
  const page = (data: object) =>
    ({ ...login, cls: 'get_children', data: { key: { type: 'room', id: 1 }, ...data } }) as Up;
  for (const wrong of [
    { ...login, id: '' },
    { ...login, id: 'x'.repeat(65) },
    { ...login, id: '\ud800' },
    { ...login, data: { username: 'a\udc00' } },
    { ...login, data: { username: 'x'.repeat(65_536) } },
    page({ size: 201 }),
    page({ page: 0 }),
    page({ key: { type: 'room', id: -1 } }),
  ])
    assert.throws(() => writeUp(wrong), TypeError, JSON.stringify(wrong).slice(0, 80));
});

test('DOC-06 any bytes give messages of the schema or reasons, and never an exception', () => {
  const anyBytes = fc.oneof(
    fc.uint8Array({ maxLength: 200 }),
    fc.jsonValue().map((made) => utf8.encode(JSON.stringify(made))),
    fc
      .record({
        type: fc.constantFrom(...upSchemas.map(({ properties }) => properties.type.const)),
        id: fc.oneof(id, fc.jsonValue()),
        cls: fc.constantFrom(...upSchemas.map(({ properties }) => properties.cls.const)),
        data: fc.oneof(
          fc.jsonValue(),
          record({}, { key, obj: fc.jsonValue(), patch: fc.jsonValue(), ver: fc.jsonValue() }),
        ),
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
    { numRuns: 1000 },
  );
});

test('DOC-06 T2 T3 T4 20,000 mutated messages give messages of the schema or reasons', () => {
  const random = seededRandom(3);
  const seeds = [...vectors('valid'), ...vectors('printed')].map(bytesOf).filter(({ length }) => length < 2_000);
  const structure = ['{', '}', '"', '\\', ',', ':', '[', ']', ' ', '\0', 'null', '1e999', '-0', '\\ud800'];
  const fields = [
    '"type":"request",',
    '"cls":"get_children",',
    '"id":"a",',
    '"__proto__":{},',
    '"key":{"type":"msg","id":[1,2]},',
  ];
  const splices = [...structure, ...fields];
  for (let round = 0; round < 20_000; round++) {
    const chunk = [mutate(random, seeds, splices)];
    for (const framing of ['stream', 'message'] as const) for (const read of decode(up, framing, chunk)) checkUp(read);
    for (const read of decode(down, 'message', chunk)) checkDown(read);
  }
});

function checkUp(read: Decoded<Received>): void {
  if (!read.ok) assert.ok(read.reason.length <= 64 && read.fatal);
  else if (read.message.type === 'flaw') assert.ok(read.message.problem.msg.length <= 64);
  else if (read.message.type === 'message') assert.ok(isUp.Check(JSON.parse(writeUp(read.message.message))));
}

function checkDown(read: Decoded<Down>): void {
  if (read.ok) assert.ok(isDown.Check(JSON.parse(writeDown(read.message))), JSON.stringify(read.message));
  else assert.ok(read.reason.length <= 64);
}
