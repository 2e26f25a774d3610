import assert from 'node:assert/strict';
import { test } from 'node:test';
import { seededRandom } from '../../../testing/random.ts';
import { KnownNames } from './known-names.ts';

test('LIST-92 names that are learned a few at a time are in the same order as names that are learned at once', () => {
  const random = seededRandom(80);
  const { compare } = new Intl.Collator('en');
  const pool = Array.from(
    { length: 60 },
    (_, index) => `${random.pick(['a', 'É', 'e', 'Z', 'ก', 'ب', '🦊', ''])}${index}`,
  );
  const names = new KnownNames();
  for (let step = 0; step < 200; step++) {
    const current = random.shuffle(pool).slice(0, random.below(pool.length));
    names.learn(current);
    const sorted = current.toSorted(compare);
    assert.deepEqual(
      current.toSorted((a, b) => names.placeOf(a) - names.placeOf(b)),
      sorted,
    );
  }
});

test('LIST-92 a name that no server has any more is forgotten when a new one comes', () => {
  const names = new KnownNames();
  names.learn(['Ärger', 'Zoo']);
  assert.equal(names.foldedOf('Ärger'), 'arger');
  names.learn(['Zoo']);
  assert.equal(names.foldedOf('Ärger'), 'arger');
  names.learn(['Zoo', 'Ödland']);
  assert.deepEqual(
    ['Ärger', 'Zoo', 'Ödland'].map((name) => names.foldedOf(name)),
    ['', 'zoo', 'odland'],
  );
});
