import assert from 'node:assert/strict';
import fc from 'fast-check';
import { type Client, type Driver, Refused } from '../matrix/driver.ts';
import { drivers } from '../matrix/drivers.ts';
import type { MatrixServer } from '../matrix/server.ts';
import { PASSWORD } from './fixture.ts';

const SIGNS = [...';,[]/~"\'\\{}()<>:=&|@#$%^*+-_.!? \t\n\r'];
const LETTERS = ['a', 'Z', '0', 'é', 'ж', '字', '😀', '\ufeff'];
/** What has a meaning in one of the protocols, or looks like a piece of its frames. */
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

/** Whatever may mean something to some protocol, among letters of several alphabets. */
export function words(maxLength: number): fc.Arbitrary<string> {
  const part = fc.oneof(
    fc.constantFrom(...SIGNS),
    fc.constantFrom(...LETTERS, ...PIECES),
    fc.string({ unit: 'grapheme', maxLength: 2 }),
  );
  return fc.array(part, { minLength: 1, maxLength }).map((parts) => parts.join(''));
}

/** Who reads, by each protocol over each of its transports; `breaks` is false where a line break cannot be shown, and is a blank. */
export type Reader = {
  readonly name: string;
  readonly client: Client;
  readonly driver: Driver;
  readonly breaks: boolean;
};
/** Who writes: somebody with an account, by each protocol. */
export type Writer = { readonly name: string; readonly client: Client; readonly driver: Driver };

/** Readers and writers of all protocols, in the order of these. */
export async function readersAndWriters(server: MatrixServer): Promise<readonly [readonly Reader[], readonly Writer[]]> {
  const readers: Reader[] = [];
  const writers: Writer[] = [];
  for (const driver of drivers) {
    for (const transport of driver.transports) {
      const name = `Reader-${driver.protocol}-${transport}`;
      const client = await driver.connect(server, transport);
      await client.enter(name);
      readers.push({ name, client, driver, breaks: !driver.singleLine.includes(transport) });
    }
    const name = `Writer-${driver.protocol}`;
    await server.account(name, PASSWORD);
    const client = await driver.connect(server);
    await client.login(name, PASSWORD);
    writers.push({ name, client, driver });
  }
  return [readers, writers];
}

/** Whether the server did what was asked; it may have refused it, and nothing else. */
export async function isDone(asked: Promise<unknown>): Promise<boolean> {
  try {
    await asked;
    return true;
  } catch (error) {
    assert.ok(error instanceof Refused, `${error}`);
    return false;
  }
}
