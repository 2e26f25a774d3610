import assert from 'node:assert/strict';
import { itemOf, ofPerson, passwordSet, relationship, sorted, tokenIssued } from '../../testing/storage/samples.ts';
import { directoryStream, type PersonId, personStream } from '../core/model/ids.ts';
import type { Storage } from '../core/ports.ts';

const ADA = 3;
const BOB = 2 ** 53 - 1;

/** Tests about passwords and tokens that every implementation of the port `Storage` must pass; each `rule` is one test on a fresh store. */
export function credentialsSuite(rule: (title: string, body: (storage: Storage) => Promise<void>) => void): void {
  rule(
    'STORE-52 a credential is the one set last, null without a password, and its verifier is in no snapshot',
    async (storage) => {
      assert.equal(await storage.credential(ADA), null);
      await storage.append([
        itemOf([passwordSet(ADA, 1, 'the first', null)]),
        itemOf([passwordSet(BOB, 1, 'of bob', null)]),
      ]);
      const of = (person: PersonId, verifier: string, position: number) => ({ person, verifier, position });
      assert.deepEqual(await storage.credential(ADA), of(ADA, 'the first', 1));
      assert.deepEqual(await storage.credential(BOB), of(BOB, 'of bob', 1));
      await storage.append([itemOf([passwordSet(ADA, 2, 'the second', 1)])]);
      assert.deepEqual(await storage.credential(ADA), of(ADA, 'the second', 2));
      assert.deepEqual(await storage.credential(BOB), of(BOB, 'of bob', 1));
      assert.equal(await storage.credential(4), null);
      const snapshots = await Promise.all(
        [personStream(ADA), personStream(BOB), directoryStream].map((s) => storage.load(s)),
      );
      assert.doesNotMatch(JSON.stringify(snapshots), /the first|the second|of bob/);
    },
  );

  rule('STORE-53 a replaced verifier is in no entry, and the rest of its entry stays', async (storage) => {
    const [first, second, third] = [
      passwordSet(ADA, 1, 'the first', null),
      passwordSet(ADA, 2, 'the second', 1),
      passwordSet(ADA, 4, 'the third', 2),
    ];
    await storage.append([itemOf([first, second])]);
    await storage.append([itemOf([relationship(ADA, 3, 'contact-added', BOB), third])]);
    assert.deepEqual(await storage.entries(personStream(ADA), 0, 10), [
      passwordSet(ADA, 1, '', null),
      passwordSet(ADA, 2, '', 1),
      relationship(ADA, 3, 'contact-added', BOB),
      third,
    ]);
    const conflict = await storage.append([itemOf([passwordSet(ADA, 1, 'late', null)])]);
    assert.doesNotMatch(JSON.stringify(conflict), /the first|the second/);
    assert.equal((await storage.credential(ADA))?.verifier, 'the third');
  });

  rule('STORE-57 a token is found by its digest, as it was last written, until it is dropped', async (storage) => {
    assert.equal(await storage.token('one'), null);
    await storage.append([
      itemOf([tokenIssued(ADA, 1, 'one', 5), tokenIssued(ADA, 2, '__proto__'), tokenIssued(ADA, 3, 'one', 7)]),
      itemOf([tokenIssued(BOB, 1, 'of bob')]),
    ]);
    const one = { digest: 'one', person: ADA, issuedAt: 1, expires: 7 };
    const other = { ...one, digest: '__proto__', expires: 9 };
    assert.deepEqual([await storage.token('one'), await storage.token('__proto__')], [one, other]);
    assert.deepEqual(sorted(await storage.load(personStream(ADA))).tokens, [other, one]);
    await storage.append([
      itemOf([ofPerson(ADA, 4, { type: 'token-revoked', person: ADA, digest: 'one', why: 'asked', at: 1 })]),
      itemOf([ofPerson(BOB, 2, { type: 'token-revoked', person: BOB, digest: 'nothing', why: 'asked', at: 1 })]),
    ]);
    assert.deepEqual([await storage.token('one'), await storage.token('__proto__')], [null, other]);
    assert.deepEqual((await storage.load(personStream(ADA))).tokens, [other]);
    assert.equal((await storage.token('of bob'))?.person, BOB);
  });

  rule('STORE-57 all tokens of a person are dropped at once, and those of others stay', async (storage) => {
    await storage.append([
      itemOf([tokenIssued(ADA, 1, 'one'), tokenIssued(ADA, 2, 'two'), tokenIssued(BOB, 1, 'of bob')]),
      itemOf([ofPerson(ADA, 3, { type: 'tokens-revoked', person: ADA, at: 1 }), tokenIssued(ADA, 4, 'later')]),
    ]);
    const found = await Promise.all(['one', 'two', 'later', 'of bob'].map((digest) => storage.token(digest)));
    assert.deepEqual(
      found.map((token) => token?.person ?? null),
      [null, null, ADA, BOB],
    );
    await storage.append([itemOf([ofPerson(BOB, 2, { type: 'tokens-revoked', person: BOB, at: 1 })])]);
    assert.deepEqual([await storage.token('of bob'), (await storage.load(personStream(BOB))).tokens], [null, []]);
    const [, two, , later] = await storage.entries(personStream(ADA), 0, 10);
    assert.deepEqual([two, later], [tokenIssued(ADA, 2, 'two'), tokenIssued(ADA, 4, 'later')]);
  });
}
