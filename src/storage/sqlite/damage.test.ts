import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { test } from 'node:test';
import { isDeepStrictEqual } from 'node:util';
import { seededRandom } from '../../../testing/random.ts';
import { roomStream } from '../../core/ids.ts';
import type { Entry } from '../../core/entries.ts';
import type { Message } from '../../core/message.ts';
import { everything, history } from '../../../testing/storage-history.ts';
import { itemOf, posted } from '../../../testing/storage-samples.ts';
import { BIRTH, inProcess } from '../../../testing/sqlite-samples.ts';

const FLIPS = 150;

test('STORE-43 a changed text is not served, neither as a message nor as an entry', (context) => {
  const { file, writer, reader } = inProcess(context);
  writer.open(BIRTH);
  writer.append([itemOf([posted(1, 1, 'what was said')])], 0);
  const db = new DatabaseSync(file);
  for (const table of ['message', 'entry']) db.exec(`UPDATE ${table} SET body = replace(body, 'said', 'sold')`);
  db.close();
  assert.throws(() => reader.page(1, null, 1), /damaged/);
  assert.throws(() => reader.message('1-1'), /damaged/);
  assert.throws(() => reader.entries(roomStream(1), 0, 1), /damaged/);
  assert.equal(writer.append([itemOf([posted(1, 1, 'late')])], 0).results[0]?.type, 'unavailable');
});

test('STORE-43 rows in the wrong place and missing entries are found', (context) => {
  const { file, writer, reader } = inProcess(context);
  writer.open(BIRTH);
  writer.append([itemOf([posted(1, 1), posted(1, 2), posted(1, 3)])], 0);
  const db = new DatabaseSync(file);
  db.exec('DELETE FROM entry WHERE position = 3');
  assert.throws(() => reader.entries(roomStream(1), 0, 3), /lacks entries/);
  assert.equal(reader.entries(roomStream(1), 0, 2).length, 2);
  for (const [from, to] of [
    [1, 9],
    [2, 1],
    [9, 2],
  ]) {
    db.exec(`UPDATE entry SET position = ${to} WHERE position = ${from}`);
    db.exec(`UPDATE message SET number = ${to} WHERE number = ${from}`);
  }
  assert.throws(() => reader.entries(roomStream(1), 0, 2), /damaged/);
  assert.throws(() => reader.page(1, 3, 1), /damaged/);
  db.close();
});

test('STORE-43 with any bit of the file turned over no altered text is served', async (context) => {
  const { file, writer, reader } = inProcess(context);
  writer.open(BIRTH);
  writer.append(history(seededRandom(43), 150), 0);
  const before = await everything(reader);
  const known = new Set(contents(before));
  reader.close();
  writer.close(true);
  const sound = readFileSync(file);
  const random = seededRandom(44);
  let found = 0;
  for (let flip = 0; flip < FLIPS; flip++) {
    const damaged = Buffer.from(sound);
    const at = random.below(damaged.length);
    damaged[at] = (damaged[at] ?? 0) ^ (1 << random.below(8));
    writeFileSync(file, damaged);
    try {
      const after = await everything(reader);
      for (const content of contents(after)) assert(known.has(content), `${content} after a flip at ${at}`);
      if (!isDeepStrictEqual(after, before)) found++;
    } catch (error) {
      if (error instanceof assert.AssertionError) throw error;
      found++;
    }
    reader.close();
  }
  assert(found > FLIPS / 10, `only ${found} flips were noticed`);
});

/** All that was ever said, as text. */
function contents(everything: unknown): string[] {
  const { entries, messages } = everything as { entries: Entry[][]; messages: (Message | null)[] };
  return [...entries.flat(), ...messages].map((value) => JSON.stringify(value));
}
