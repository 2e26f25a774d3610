import assert from 'node:assert/strict';
import fc from 'fast-check';
import { type Client, type Driver, Refused } from '../matrix/driver.ts';
import { drivers } from '../matrix/drivers.ts';
import type { MatrixServer } from '../matrix/server.ts';
import { logIn, PASSWORD } from './fixture.ts';

const SIGNS = [...';,[]/~"\'\\{}()<>:=&|@#$%^*+-_.!? \t\n\r'];
const LETTERS = ['a', 'Z', '0', 'é', 'ж', '字', '😀', '\ufeff'];
/** Texts with a meaning in some protocol, and pieces of frames. */
const PIECES: readonly string[] = [
  'c2/',
  'c2/MSG a; 1; b; c',
  '(private) ',
  '(private to a) ',
  '(deleted)',
  '* (message deleted)',
  '/msg a b',
  '//',
  ', ',
  '\r\n',
  '\\u0022',
  '","',
  '"}',
  '{"success":true}',
  '{"cmd":"client-exit","user":"a"}',
  '"from":"a"',
  'YQ==',
  '%22',
  // Bytes of msgpack, as characters.
  '\u00a8response\u00c3',
  '\u00a6update\u00a7whisper\u00a1a',
  '\u0092',
];

/** Texts of signs and pieces that protocols use, and of letters of several alphabets. */
export function hostileTexts(maxLength: number): fc.Arbitrary<string> {
  const part = fc.oneof(
    fc.constantFrom(...SIGNS),
    fc.constantFrom(...LETTERS, ...PIECES),
    fc.string({ unit: 'grapheme', maxLength: 2 }),
  );
  return fc.array(part, { minLength: 1, maxLength }).map((parts) => parts.join(''));
}

/** A client that sends messages. */
export type Writer = { readonly name: string; readonly client: Client; readonly driver: Driver };

/** A client that is shown messages. Where it is not `multiline`, it is shown a blank for a line break. */
export type Reader = Writer & { readonly multiline: boolean };

/** A reader for each protocol and transport, and a writer with an account for each protocol, in the order of the protocols. */
export async function openReadersAndWriters(
  server: MatrixServer,
): Promise<readonly [readonly Reader[], readonly Writer[]]> {
  const readers: Reader[] = [];
  const writers: Writer[] = [];
  for (const driver of drivers) {
    for (const transport of driver.transports) {
      const name = `Reader-${driver.protocol}-${transport}`;
      const client = await driver.connect(server, transport);
      await client.enter(name);
      readers.push({ name, client, driver, multiline: !driver.singleLine.includes(transport) });
    }
    const name = `Writer-${driver.protocol}`;
    await server.account(name, PASSWORD);
    writers.push({ name, client: await logIn(server, driver, name), driver });
  }
  return [readers, writers];
}

/** False if the server refused the request; throws if it failed in another way. */
export async function succeeds(request: Promise<unknown>): Promise<boolean> {
  try {
    await request;
    return true;
  } catch (error) {
    assert.ok(error instanceof Refused, `${error}`);
    return false;
  }
}
