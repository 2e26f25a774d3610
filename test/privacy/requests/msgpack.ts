import { randomUUID } from 'node:crypto';
import { decodeMulti } from '@msgpack/msgpack';
import { upSchemas } from '../../../src/protocols/msgpack/schema.ts';
import { frameOf } from '../../matrix/drivers/msgpack.ts';
import type { ProtocolRequests } from '../protocol-requests.ts';
import type { Fixture } from '../fixture.ts';

/** A token that was never issued. */
const GUESSED = '00000000-0000-4000-8000-000000000000';

/** Every request of Ann, with these credentials. */
export function requestsWith(
  credentials: readonly string[],
  { fay, ghost, closed, open }: Pick<Fixture, 'fay' | 'ghost' | 'closed' | 'open'>,
): string[] {
  const names = [fay, ghost.real, closed.real, open, 'lobby'];
  return [
    ...names.flatMap((name) => [
      ['add_contact', ...credentials, name],
      ['whisper', ...credentials, name, 'hello'],
      ['msg_group', ...credentials, name, 'hello'],
    ]),
    // Not the open group: whoever joined it could read it.
    ...[closed.real, fay].map((name) => ['join_group', ...credentials, name]),
    ['create_group', ...credentials, `Attic-${randomUUID().slice(0, 8)}`],
  ].map(frameOf);
}

export function valuesOf(frame: string): readonly unknown[] {
  return [...decodeMulti(Buffer.from(frame, 'latin1'))];
}

/** The tokens in answers to logins among these frames. */
export function tokensIn(frames: readonly string[]): string[] {
  return frames.map(valuesOf).flatMap(([type, , , token]) => (type === 'response' && token ? [String(token)] : []));
}

export const msgpack: ProtocolRequests = {
  protocol: 'msgpack',
  types: upSchemas.map(({ properties }) => properties.action.const),
  authTypes: ['register', 'login', 'logout'],
  refused: {},
  /** A client without a token uses Ben's name and a guess. */
  requests: (fixture, { credentials = ['', ''] }) =>
    requestsWith(credentials[1] === '' ? [fixture.ben, GUESSED] : credentials, fixture),
  groups: {
    create: (name, { credentials = [] }) => frameOf(['create_group', ...credentials, name]),
    join: (name, { credentials = [] }) => frameOf(['join_group', ...credentials, name]),
  },
  relationship: (kind, name, on, { credentials = [] }) =>
    kind === 'contact' && on ? frameOf(['add_contact', ...credentials, name]) : null,
  typeOf: (frame) => String(valuesOf(frame)[0]),
  isRefused: (answer) => valuesOf(answer)[1] === false,
  // None is an array: a client that sends one is answered in arrays from then on.
  malformed: [
    frameOf(['canary-broken']),
    frameOf(['login', 'canary-broken']),
    frameOf(['whisper', 'a', 'b', 'c', 'd', 'canary-broken']),
    `${frameOf(['logout'])}\xaecanary-broken\xff`,
    `${frameOf(['canary-broken'])}\x07`,
    `${frameOf(['login', 'canary-broken'])}\x81${frameOf(['canary-broken', 'canary-broken'])}`,
    '\xafcanary-broken',
  ],
  /** One part for each message: its type and its number of values. */
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
