import {
  DEALER_READY,
  longHeader,
  peerCommand,
  peerFrame,
  peerGreeting,
  peerPing,
  property,
} from '../../testing/transports/zmtp.ts';

/** A small input that could cost the server much. After an `incomplete` one the connection stays open. */
export type HostileInput = { readonly title: string; readonly bytes: Buffer; readonly incomplete?: true };

const DEEP = 100_000;
/** The unit of all accounts is on every server. */
const EVERYONE = { type: 'unit', id: 1 };

/** By protocol; `zeromq` holds those against ZMTP itself. */
export const hostileInputs: Readonly<Record<string, readonly HostileInput[]>> = {
  c2: [
    { title: 'sixty thousand semicolons', bytes: text(`c2/MSG 1${';'.repeat(60_000)}\n`) },
    { title: 'a line without an end', bytes: text(`c2/MSG 1; ${'x'.repeat(200_000)}`) },
    { title: 'broken UTF-8', bytes: Buffer.concat([text('c2/CONNECT '), bytes(0xff, 0xc0, 0x80, 0x0a)]) },
    { title: 'half a line', bytes: text(`c2/MSG 1; ${'x'.repeat(60_000)}`), incomplete: true },
  ],
  tagged: [
    { title: 'nested 100,000 deep', bytes: text(`{"message":${'['.repeat(DEEP)}${']'.repeat(DEEP)}}`) },
    { title: 'objects 100,000 deep', bytes: text(`{"message":"login","a":${'{"a":'.repeat(DEEP)}`) },
    { title: 'ten thousand keys', bytes: text(`{"message":"x",${'"a":1,'.repeat(10_000)}"b":1}`) },
    { title: 'a number of 60,000 digits', bytes: text(`{"message":"x","n":${'9'.repeat(60_000)}}`) },
    { title: 'broken UTF-8', bytes: Buffer.concat([text('{"message":"'), bytes(0xed, 0xa0, 0x80), text('"}')]) },
    { title: 'half an object', bytes: text(`{"message":"${'x'.repeat(60_000)}`), incomplete: true },
  ],
  codechat: [
    { title: 'nested 100,000 deep', bytes: text(`{"cmd":"msg","msg":${'['.repeat(DEEP)}${']'.repeat(DEEP)}}`) },
    { title: 'nested 16 deep, 3,000 times', bytes: text(`{"cmd":${'['.repeat(16)}${']'.repeat(16)}}`.repeat(3_000)) },
    { title: 'a string that never ends', bytes: text(`{"cmd":"${'\\"'.repeat(100_000)}`) },
    { title: 'broken UTF-8', bytes: Buffer.concat([text('{"cmd":"connect","username":"'), bytes(0xff), text('"}')]) },
    { title: 'half an object', bytes: text('{"cmd":"msg","msg":"'), incomplete: true },
  ],
  documents: [
    {
      title: 'nested 30,000 deep',
      bytes: text(`{"type":"request","id":"1","cls":"login","data":${'['.repeat(30_000)}${']'.repeat(30_000)}}`),
    },
    { title: 'a patch of a thousand operations', bytes: asGuest('many', patch(Array(1_000).fill(testOf('/name')))) },
    {
      title: 'twenty patches, each as large as may be',
      bytes: asGuest('large', ...Array<object>(20).fill(patch(Array(64).fill(testOf('/name', 'x'.repeat(900)))))),
    },
    {
      title: 'pointers of 60,000 names, and of the most that may be',
      bytes: asGuest('deep', patch(testOf('/a'.repeat(20_000))), patch(Array(64).fill(testOf('/name/0'.repeat(8))))),
    },
    {
      title: 'pointers into prototypes',
      bytes: asGuest('proto', ...['/__proto__/x', '/constructor/prototype/x'].map((path) => patch(testOf(path)))),
    },
    {
      title: 'the largest page, and the last of all, five hundred times',
      bytes: asGuest('pages', ...Array.from({ length: 500 }, (_, index) => page(index % 2 === 0 ? 1 : 2 ** 53 - 1))),
    },
    {
      title: 'two thousand subscriptions, ten times',
      bytes: asGuest('subs', ...Array.from({ length: 10 }, () => subscription(2_000))),
    },
    {
      title: 'answers to nothing',
      bytes: text('{"type":"result","id":"1","cls":"changed","status":200}'.repeat(2_000)),
    },
    {
      title: 'broken UTF-8',
      bytes: Buffer.concat([text('{"type":"request","cls":"login","id":"'), bytes(0xff), text('"}')]),
    },
    { title: 'half an object', bytes: text(`{"type":"request","cls":"${'x'.repeat(60_000)}`), incomplete: true },
  ],
  msgpack: [
    ...[0xdb, 0xc6, 0xdd].map((head) => ({
      title: `a length of 2^32-1 after ${head.toString(16)}`,
      bytes: bytes(head, 0xff, 0xff, 0xff, 0xff),
    })),
    ...[0xdb, 0xc6, 0xc9, 0xdd, 0xdf].map((head) => ({
      title: `the same inside, after ${head.toString(16)}`,
      bytes: Buffer.concat([packed('register'), bytes(head, 0xff, 0xff, 0xff, 0xff)]),
    })),
    { title: 'arrays 100,000 deep', bytes: Buffer.alloc(DEEP, 0x91) },
    { title: 'arrays of a million, 200 deep', bytes: Buffer.concat(Array(200).fill(bytes(0xdd, 0, 0x0f, 0x42, 0x40))) },
    { title: 'maps 100,000 deep', bytes: Buffer.concat([packed('login'), Buffer.alloc(DEEP, 0x81)]) },
    {
      title: 'sixty thousand empty strings',
      bytes: Buffer.concat([bytes(0xdc, 0xea, 0x60), Buffer.alloc(60_000, 0xa0)]),
    },
    { title: 'broken UTF-8', bytes: Buffer.concat([packed('logout'), bytes(0xa3, 0xff, 0xc0, 0x80)]) },
    {
      title: 'half a message',
      bytes: Buffer.concat([packed('register'), bytes(0xda, 0xf0, 0x00), text('x')]),
      incomplete: true,
    },
  ],
  zeromq: [
    { title: 'a greeting of ZMTP 2.0', bytes: peerGreeting({ major: 1 }) },
    { title: 'a greeting with a mechanism of its own', bytes: peerGreeting({ mechanism: 'CURVE' }) },
    { title: 'a greeting without its end', bytes: peerGreeting().subarray(0, 40), incomplete: true },
    { title: 'a signature that is none', bytes: Buffer.alloc(64, 0xff) },
    { title: 'a command of 2^64-1 bytes', bytes: Buffer.concat([peerGreeting(), longHeader(6, 2n ** 64n - 1n)]) },
    {
      title: 'a property of 2^32-1 bytes',
      bytes: Buffer.concat([
        peerGreeting(),
        peerCommand('READY', Buffer.from('\x0bSocket-Type\xff\xff\xff\xff', 'latin1')),
      ]),
    },
    {
      title: 'no DEALER',
      bytes: Buffer.concat([peerGreeting(), peerCommand('READY', property('Socket-Type', 'PUB'))]),
    },
    { title: 'a message of 2^63 bytes', bytes: Buffer.concat([dealer(), longHeader(2, 2n ** 63n)]) },
    {
      title: 'a message of 100,000 empty frames',
      bytes: Buffer.concat([dealer(), ...Array<Buffer>(DEEP).fill(peerFrame(1))]),
    },
    { title: 'ten thousand PINGs', bytes: Buffer.concat([dealer(), ...Array<Buffer>(10_000).fill(peerPing(0, 'x'))]) },
    { title: 'half a message', bytes: Buffer.concat([dealer(), longHeader(2, 60_000n), text('x')]), incomplete: true },
  ],
};

function text(value: string): Buffer {
  return Buffer.from(value);
}

function bytes(...values: readonly number[]): Buffer {
  return Buffer.from(values);
}

/** The login of a guest of documents, and requests. */
function asGuest(name: string, ...requests: readonly object[]): Buffer {
  const login = { cls: 'login', data: { username: `Hostile-${name}` } };
  return text([login, ...requests].map((one) => JSON.stringify({ type: 'request', id: '1', ...one })).join('\n'));
}

/** A patch that only looks: nobody may write to a unit. */
function patch(operations: unknown): object {
  return { cls: 'patch_content', data: { key: EVERYONE, ver: null, patch: operations } };
}

function testOf(path: string, value = 'everyone'): object {
  return { op: 'test', path, value };
}

function page(number: number): object {
  return { cls: 'get_children', data: { key: EVERYONE, ver: null, page: number, size: 200 } };
}

function subscription(count: number): object {
  return { type: 'notify', cls: 'subscribe', data: Array.from({ length: count }, () => EVERYONE) };
}

/** A short string of MessagePack. */
function packed(value: string): Buffer {
  return Buffer.concat([bytes(0xa0 | value.length), text(value)]);
}

/** The handshake of a DEALER. */
function dealer(): Buffer {
  return Buffer.concat([peerGreeting(), DEALER_READY]);
}
