import { randomUUID } from 'node:crypto';
import { decodeMulti } from '@msgpack/msgpack';
import { upSchemas } from '../../../src/protocols/msgpack/schema.ts';
import { frameOf } from '../../matrix/drivers/msgpack.ts';
import type { Asking } from '../protocol-requests.ts';
import type { Tenants } from '../fixture.ts';

/** A token that was never issued. */
const GUESSED = '00000000-0000-4000-8000-000000000000';

/** Everything that Ann asks, with whatever name and token are shown for it. */
export function requestsWith(
  credentials: readonly string[],
  { fay, ghost, closed, open }: Pick<Tenants, 'fay' | 'ghost' | 'closed' | 'open'>,
): string[] {
  const names = [fay, ghost.real, closed.real, open, 'lobby'];
  return [
    ...names.flatMap((name) => [
      ['add_contact', ...credentials, name],
      ['whisper', ...credentials, name, 'hello'],
      ['msg_group', ...credentials, name, 'hello'],
    ]),
    ...[closed.real, fay, open].map((name) => ['join_group', ...credentials, name]),
    ['create_group', ...credentials, `Attic-${randomUUID().slice(0, 8)}`],
  ].map(frameOf);
}

/** What a frame holds. */
export function valuesOf(frame: string): readonly unknown[] {
  return [...decodeMulti(Buffer.from(frame, 'latin1'))];
}

/** The tokens that stand in these frames, where a login is answered by one. */
export function tokensIn(frames: readonly string[]): string[] {
  return frames.map(valuesOf).flatMap(([type, , , token]) => (type === 'response' && token ? [String(token)] : []));
}

export const msgpack: Asking = {
  protocol: 'msgpack',
  types: upSchemas.map(({ properties }) => properties.action.const),
  comings: ['register', 'login', 'logout'],
  vain: {},
  /** Who has no token shows somebody's name and one that is guessed. */
  requests: (tenants, { credentials = ['', ''] }) => requestsWith(credentials[1] === '' ? [tenants.ben, GUESSED] : credentials, tenants),
  groups: {
    create: (name, { credentials = [] }) => frameOf(['create_group', ...credentials, name]),
    join: (name, { credentials = [] }) => frameOf(['join_group', ...credentials, name]),
  },
  tie: (kind, name, on, { credentials = [] }) => (kind === 'contact' && on ? frameOf(['add_contact', ...credentials, name]) : null),
  typeOf: (frame) => String(valuesOf(frame)[0]),
  isRefused: (answer) => valuesOf(answer)[1] === false,
  // None is an array: who sends one is answered in arrays from then on.
  unreadable: [
    frameOf(['canary-broken']),
    frameOf(['login', 'canary-broken']),
    frameOf(['whisper', 'a', 'b', 'c', 'd', 'canary-broken']),
    `${frameOf(['logout'])}\xaecanary-broken\xff`,
    `${frameOf(['canary-broken'])}\x07`,
    `${frameOf(['login', 'canary-broken'])}\x81${frameOf(['canary-broken', 'canary-broken'])}`,
    '\xafcanary-broken',
  ],
  /** A message is one part, by what it says it is and how many values it has. */
  partsOf(frame) {
    const values = valuesOf(frame);
    return [`${values[0]} ${values[1]} of ${values.length}`];
  },
  parts: new Set([
    'response true of 2',
    'response true of 4',
    'response false of 3',
    'update whisper of 4',
    'update msg_group of 5',
  ]),
};
