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
/** What clients of each protocol say in earnest. */
const SEEDS: Readonly<Record<string, readonly string[]>> = { c2: C2, tagged: taggedRequests() };
const STRANGE = [
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

/** The protocols there are seeds for. */
export const FUZZED: readonly string[] = Object.keys(SEEDS);

/** A frame of a protocol, whole or damaged: cut, doubled, with bytes turned, with strange things put in. */
export function mutated(random: SeededRandom, protocol: string): Buffer {
  let bytes: Buffer = Buffer.from(random.pick(SEEDS[protocol] ?? []));
  const changes = random.below(5);
  for (let change = 0; change < changes; change++) bytes = changeOnce(bytes, random);
  return bytes;
}

/** Every request among the protocol's own vectors, as it is written; of those that cost a slow hash only one. */
function taggedRequests(): string[] {
  const file = new URL('../../src/protocols/tagged/vectors/valid.json', import.meta.url);
  const vectors = JSON.parse(readFileSync(file, 'utf8')) as readonly { way: string; object?: unknown }[];
  const requests = vectors.flatMap(({ way, object }) =>
    way === 'up' && object !== undefined ? [JSON.stringify(object)] : [],
  );
  const isDear = (request: string) => /[0-9a-f]{64}/i.test(request);
  return [...requests.filter((request) => !isDear(request)), ...requests.filter(isDear).slice(0, 1)];
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
      const turned = Buffer.from(bytes);
      if (at < turned.length) turned[at] = random.below(256);
      return turned;
    }
    case 4:
      return Buffer.concat([bytes.subarray(0, at), Buffer.from(random.pick(STRANGE)), bytes.subarray(at)]);
    default:
      return Buffer.concat([
        bytes.subarray(0, at),
        Buffer.alloc(random.below(2_000), random.below(256)),
        bytes.subarray(at),
      ]);
  }
}

const MASK = 0x80;

/** A WebSocket frame as a client sends it; one in twenty breaks the rules of WebSockets themselves. */
export function clientFrame(payload: Buffer, random: SeededRandom): Buffer {
  const broken = random.below(20) === 0;
  const first = broken ? random.below(256) : 0x81;
  const masked = broken && random.below(2) === 0 ? 0 : MASK;
  const { length } = payload;
  const long = length > 125;
  const header = Buffer.alloc((long ? 4 : 2) + (masked === 0 ? 0 : 4));
  header[0] = first;
  header[1] = masked | (long ? 126 : length);
  if (long) header.writeUInt16BE(length, 2);
  return Buffer.concat([header, payload]);
}
