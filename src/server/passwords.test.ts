import assert from 'node:assert/strict';
import { argon2Sync, createHash } from 'node:crypto';
import test from 'node:test';
import fc from 'fast-check';
import { fastPasswords } from '../../testing/passwords.ts';
import type { Password, Passwords } from '../core/ports.ts';
import { ArgonPasswords } from './passwords.ts';
import { readVerifier } from './verifier.ts';

const cheap = { memory: 8, passes: 1, parallelism: 1 };
const plain = (value: string): Password => ({ type: 'plain', value });
const hashed = (value: string): Password => ({
  type: 'sha256',
  value: createHash('sha256').update(value).digest('hex'),
});
const upper = ({ type, value }: Password): Password => ({ type, value: value.toUpperCase() });

/** The verifier of a password; the queue must not be full. */
async function verifierOf(passwords: Passwords, password: Password): Promise<string> {
  return (await passwords.hash(password)) ?? assert.fail('too many waiting');
}

test('SERVER-70 a verifier is argon2id over the lower-case hex SHA-256, at 19 MiB and 2 passes, with a salt of its own', async () => {
  const passwords = new ArgonPasswords();
  const texts = [
    await verifierOf(passwords, plain('correct horse')),
    await verifierOf(passwords, hashed('correct horse')),
  ];
  const verifiers = texts.map((text) => readVerifier(text) ?? assert.fail(text));
  for (const { costs, salt, digest } of verifiers) {
    assert.deepEqual(costs, { memory: 19_456, passes: 2, parallelism: 1 });
    const made = argon2Sync('argon2id', {
      message: hashed('correct horse').value,
      nonce: salt,
      tagLength: 32,
      ...costs,
    });
    assert.ok(salt.length === 16 && made.equals(digest));
  }
  assert.notDeepEqual(verifiers[0]?.salt, verifiers[1]?.salt);
});

test('SERVER-70 T15 a password set in either form matches in both, the hash in upper or lower case; other passwords do not', async () => {
  const passwords = new ArgonPasswords(cheap);
  const long = ['x'.repeat(64), 'ü'.repeat(512)];
  const words = fc.oneof(
    fc.string({ unit: 'grapheme', minLength: 1 }),
    fc.constantFrom('pass\u0000word', '🔑🔑', 'cafe\u0301', ...long),
  );
  const check = async (word: string, other: string) => {
    for (const made of [plain(word), hashed(word), upper(hashed(word))]) {
      const verifier = await verifierOf(passwords, made);
      const composed = made.type === 'plain' ? word.normalize('NFC') : word;
      for (const given of [plain(word), hashed(composed), upper(hashed(composed))]) {
        assert.equal(await passwords.verify(given, verifier), true);
      }
      const same = other.normalize('NFC') === word.normalize('NFC');
      assert.equal(await passwords.verify(plain(other), verifier), same);
    }
  };
  await fc.assert(fc.asyncProperty(words, words, check), { numRuns: 50 });
});

test('SERVER-71 a plain password is kept and tried in NFC, however it is composed; a hash as it comes', async () => {
  const composed = 'caf\u00e9';
  const decomposed = 'cafe\u0301';
  for (const passwords of [new ArgonPasswords(cheap), fastPasswords]) {
    for (const registered of [plain(composed), plain(decomposed)]) {
      const verifier = await verifierOf(passwords, registered);
      for (const right of [plain(composed), plain(decomposed), hashed(composed)])
        assert.equal(await passwords.verify(right, verifier), true);
      assert.equal(await passwords.verify(hashed(decomposed), verifier), false);
    }
    assert.equal(await passwords.verify(plain(composed), null), false);
  }
});

test('SERVER-71 a password that was set in another form, by its hash or an earlier version, matches as it was typed then', async () => {
  const decomposed = 'cafe\u0301';
  for (const passwords of [new ArgonPasswords(cheap), fastPasswords]) {
    const verifier = await verifierOf(passwords, hashed(decomposed));
    assert.equal(await passwords.verify(hashed(decomposed), verifier), true);
    assert.equal(await passwords.verify(plain(decomposed), verifier), true);
    assert.equal(await passwords.verify(plain('caf\u00e9'), verifier), false);
  }
});

test('SERVER-72 T17 without a verifier the check takes as long, and the answer is no', async () => {
  const passwords = new ArgonPasswords();
  const verifier = await verifierOf(passwords, plain('secret'));
  /** The least CPU time of several runs: other work on the machine disturbs it least. */
  const cost = async (password: Password, of: string | null) => {
    const before = process.cpuUsage();
    assert.equal(await passwords.verify(password, of), false);
    return process.cpuUsage(before).user;
  };
  assert.equal(await passwords.verify(plain('secret'), verifier), true);
  assert.equal(await passwords.verify(plain('secret'), null), false);
  for (const wrong of [plain('wrong'), plain('wrong e\u0301'), hashed('wrong')]) {
    const costs = { without: Number.POSITIVE_INFINITY, with: Number.POSITIVE_INFINITY };
    let ratio = Number.NaN;
    // A real difference never agrees, however often it is measured.
    for (let round = 0; round < 5 || (round < 50 && !(ratio > 0.5 && ratio < 2)); round++) {
      costs.without = Math.min(costs.without, await cost(wrong, null));
      costs.with = Math.min(costs.with, await cost(wrong, verifier));
      ratio = costs.without / costs.with;
    }
    assert.ok(ratio > 0.5 && ratio < 2, `${ratio}`);
  }
});

test('SERVER-73 T19 two hashes run, 64 wait, and more are refused at once', async () => {
  const passwords = new ArgonPasswords(cheap);
  const order: number[] = [];
  const results = await Promise.all(
    Array.from({ length: 70 }, async (_, index) => {
      const result = index % 2 === 0 ? await passwords.hash(plain('a')) : await passwords.verify(plain('a'), null);
      order.push(index);
      return result;
    }),
  );
  assert.equal(results.filter((result) => result === null).length, 4);
  assert.deepEqual(results.slice(66), [null, null, null, null]);
  assert.deepEqual(order.slice(0, 4), [66, 67, 68, 69]);
  assert.equal(await passwords.verify(plain('a'), results[0] as string), true);
});

test('SERVER-73 a hash that runs out of memory is answered like one too many', async () => {
  const passwords = new ArgonPasswords({ ...cheap, memory: 1 });
  assert.deepEqual([await passwords.hash(plain('a')), await passwords.verify(plain('a'), null)], [null, null]);
});

test('SERVER-74 a verifier is checked with its own costs, and a damaged one matches nothing', async () => {
  const before = new ArgonPasswords({ memory: 64, passes: 3, parallelism: 2 });
  const passwords = new ArgonPasswords(cheap);
  const verifier = await verifierOf(before, plain('secret'));
  assert.equal(await passwords.verify(plain('secret'), verifier), true);
  assert.equal(await passwords.verify(plain('wrong'), verifier), false);
  for (const damaged of ['', verifier.slice(0, 40), verifier.replace('m=64', 'm=15')]) {
    assert.equal(await passwords.verify(plain('secret'), damaged), false, damaged);
  }
});

test('SERVER-75 T19 T38 the event loop goes on while passwords are hashed', async () => {
  const passwords = new ArgonPasswords();
  let hashing = true;
  const work = Promise.all(Array.from({ length: 4 }, () => passwords.hash(plain('secret')))).then(() => {
    hashing = false;
  });
  let turns = 0;
  while (hashing) {
    await new Promise((done) => setImmediate(done));
    turns++;
  }
  await work;
  assert.ok(turns > 50, `${turns}`);
});
