import assert from 'node:assert/strict';
import { mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'node:test';
import { FakeClock } from '../../../testing/clock.ts';
import { temporaryDirectory } from '../../../testing/temporary.ts';
import { KeyFile } from './key-file.ts';

const URL = 'https://listing.example.org';
const clock = new FakeClock();

test('SERVER-216 a key is kept in a file for the owner only, and only for the service that gave it', async (t) => {
  const data = temporaryDirectory(t);
  const keys = new KeyFile(data, URL, clock);
  assert.equal(await keys.load(), null);
  await keys.save('first');
  await keys.save('second');
  assert.equal(await new KeyFile(data, URL, clock).load(), 'second');
  assert.equal(await new KeyFile(data, 'https://other.example', clock).load(), null);
  const file = join(data, 'listing.json');
  assert.deepEqual(JSON.parse(readFileSync(file, 'utf8')), { url: URL, key: 'second' });
  assert.equal(statSync(file).mode & 0o777, 0o600);
  assert.deepEqual(readdirSync(data), ['listing.json']);
});

test('SERVER-216 what a killed server left does not keep a key from being saved', async (t) => {
  const data = temporaryDirectory(t);
  const unfinished = join(data, 'listing.json.new');
  writeFileSync(unfinished, '{"url"', { mode: 0o644 });
  const keys = new KeyFile(data, URL, clock);
  assert.equal(await keys.load(), null);
  await keys.save('mine');
  assert.equal(await keys.load(), 'mine');
  assert.deepEqual(readdirSync(data), ['listing.json']);
});

test('SERVER-216 a damaged file counts as none', async (t) => {
  const data = temporaryDirectory(t);
  const keys = new KeyFile(data, URL, clock);
  const withKey = (key: unknown) => JSON.stringify({ url: URL, key });
  const keysOfOthers = [withKey(5), withKey(''), withKey('a b'), withKey('a\r\nb'), withKey('x'.repeat(257))];
  for (const text of ['', 'null', '5', '[]', '{}', '{"key":"a"}', withKey('a').slice(1), ...keysOfOthers]) {
    writeFileSync(join(data, 'listing.json'), text);
    assert.equal(await keys.load(), null, text);
  }
  rmSync(join(data, 'listing.json'));
  mkdirSync(join(data, 'listing.json'));
  assert.equal(await keys.load(), null);
});

test('SERVER-216 a key that cannot be saved is an error, and a data directory that is gone is not made', async (t) => {
  const data = join(temporaryDirectory(t), 'gone');
  await assert.rejects(new KeyFile(data, URL, clock).save('mine'), /ENOENT/);
});

test('SERVER-217 a key is removed, also if there is none', async (t) => {
  const data = temporaryDirectory(t);
  const keys = new KeyFile(data, URL, clock);
  await keys.save('mine');
  await keys.remove();
  await keys.remove();
  assert.deepEqual([await keys.load(), readdirSync(data)], [null, []]);
});
