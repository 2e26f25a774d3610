import { readFileSync } from 'node:fs';
import type { SeededRandom } from '../../testing/random.ts';

const C2 = [
  'c2/CONNECT alice',
  'c2/CONNECT bob; secret',
  'c2/MSG 1700000000000; hello there',
  'c2/MSG 0; /msg alice hi',
  'c2/QUERY active_users',
  'c2/QUERY update_message; 01890000-0000-7000-8000-000000000000; other words',
  'c2/UPDATE username; eve',
  'c2/DISCONNECT',
  'c2/PING 1700000000000',
  'c2/PING',
];
/** Valid requests of each protocol, with only one of those that cost a password hash. */
const SEEDS: Readonly<Record<string, readonly Buffer[]>> = {
  c2: C2.map((line) => Buffer.from(line)),
  codechat: requestsOf('codechat', /"password"/),
  documents: requestsOf('documents', /"(?:password|old)":/),
  msgpack: requestsOf('msgpack', /register|login/),
  tagged: requestsOf('tagged', /[0-9a-f]{64}/i),
};
/** A test vector: its message is an object, a frame or bytes. */
type Vector = {
  readonly way: string;
  readonly object?: unknown;
  readonly frame?: string;
  readonly hex?: string;
};
const INSERTIONS = [
  '\u0000',
  ';;;;',
  '{"message":"login","username":"x","tag":"1"}',
  '[[[[[[[[[[[[[[[[[[[[',
  '{"a":'.repeat(40),
  '\\u0000',
  '1e999',
  'c2/',
  '__proto__',
  'constructor',
  '\ud800',
  '\u202e',
  '~[,]',
  '9'.repeat(400),
  '\r\n',
  '🦜',
  '%00',
];

export const FUZZED: readonly string[] = Object.keys(SEEDS);

/** Binary protocols, without a separator between messages. */
export const BINARY: ReadonlySet<string> = new Set(['msgpack']);

/** A frame of a protocol, up to four times damaged: cut, rotated, doubled, changed or with insertions. */
export function mutated(random: SeededRandom, protocol: string): Buffer {
  let bytes: Buffer = random.pick(SEEDS[protocol] ?? []);
  const changes = random.below(5);
  for (let change = 0; change < changes; change++) bytes = changeOnce(bytes, random);
  return bytes;
}

/** The requests among the vectors of a protocol, with only one of the costly ones. */
function requestsOf(protocol: string, costly: RegExp): Buffer[] {
  const file = new URL(`../../src/protocols/${protocol}/vectors/valid.json`, import.meta.url);
  const requests = (JSON.parse(readFileSync(file, 'utf8')) as readonly Vector[])
    .filter(({ way }) => way === 'up')
    .map(({ object, frame = JSON.stringify(object), hex }) =>
      hex === undefined ? Buffer.from(frame) : Buffer.from(hex.replaceAll(' ', ''), 'hex'),
    );
  const isCostly = (request: Buffer) => costly.test(request.toString('latin1'));
  return [...requests.filter((request) => !isCostly(request)), ...requests.filter(isCostly).slice(0, 1)];
}

function changeOnce(bytes: Buffer, random: SeededRandom): Buffer {
  const at = random.below(bytes.length + 1);
  switch (random.below(6)) {
    case 0:
      return bytes.subarray(0, at);
    case 1:
      return Buffer.concat([bytes.subarray(at), bytes.subarray(0, at)]);
    case 2:
      return Buffer.concat([bytes, bytes]);
    case 3: {
      const changed = Buffer.from(bytes);
      if (at < changed.length) changed[at] = random.below(256);
      return changed;
    }
    case 4:
      return Buffer.concat([bytes.subarray(0, at), Buffer.from(random.pick(INSERTIONS)), bytes.subarray(at)]);
    default:
      return Buffer.concat([
        bytes.subarray(0, at),
        Buffer.alloc(random.below(2_000), random.below(256)),
        bytes.subarray(at),
      ]);
  }
}

const MASK = 0x80;
const TEXT_FRAME = 0x81;
const BINARY_FRAME = 0x82;

/** A WebSocket frame of a client; one in twenty breaks the WebSocket protocol itself. */
export function clientFrame(payload: Buffer, random: SeededRandom, protocol: string): Buffer {
  const broken = random.below(20) === 0;
  const first = broken ? random.below(256) : BINARY.has(protocol) ? BINARY_FRAME : TEXT_FRAME;
  const masked = broken && random.below(2) === 0 ? 0 : MASK;
  const { length } = payload;
  const long = length > 125;
  const header = Buffer.alloc((long ? 4 : 2) + (masked === 0 ? 0 : 4));
  header[0] = first;
  header[1] = masked | (long ? 126 : length);
  if (long) header.writeUInt16BE(length, 2);
  return Buffer.concat([header, payload]);
}
