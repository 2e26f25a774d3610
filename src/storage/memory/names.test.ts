import assert from 'node:assert/strict';
import { test } from 'node:test';
import { MemoryNames } from './names.ts';

test('STORE-20 of all claims at once exactly one wins', async () => {
  const names = new MemoryNames();
  const claims = await Promise.all(
    Array.from({ length: 200 }, (_, index) => names.claim('ada', index + 1, `node ${index % 3}`)),
  );
  assert.equal(claims.filter(({ won }) => won).length, 1);
  const winner = claims.findIndex(({ won }) => won);
  for (const claim of claims) {
    if (!claim.won) assert.deepEqual(claim, { won: false, person: winner + 1, node: `node ${winner % 3}` });
  }
});

test('STORE-20 different names do not collide, whatever they contain', async () => {
  const names = new MemoryNames();
  const skeletons = ['ada', 'Ada', '__proto__', 'constructor', ''];
  const claims = await Promise.all(skeletons.map((skeleton, index) => names.claim(skeleton, index + 1, 'a')));
  assert(claims.every(({ won }) => won));
});

test('STORE-21 the holder may claim a name again, also from another node, which then has it', async () => {
  const names = new MemoryNames();
  await names.claim('ada', 1, 'a');
  assert.deepEqual(await names.claim('ada', 1, 'b'), { won: true });
  assert.deepEqual(await names.claim('ada', 2, 'a'), { won: false, person: 1, node: 'b' });
});

test('STORE-22 only its holder can release a name', async () => {
  const names = new MemoryNames();
  await names.claim('ada', 1, 'a');
  await names.release('ada', 2);
  await names.release('nobody', 1);
  assert.equal((await names.claim('ada', 2, 'a')).won, false);
  await names.release('ada', 1);
  assert.equal((await names.claim('ada', 2, 'a')).won, true);
});

test('STORE-23 the names of a node are released with it, and no others', async () => {
  const names = new MemoryNames();
  await names.claim('ada', 1, 'a');
  await names.claim('bob', 2, 'b');
  await names.claim('cid', 3, 'a');
  await names.releaseNode('a');
  assert.equal((await names.claim('ada', 4, 'b')).won, true);
  assert.equal((await names.claim('cid', 4, 'b')).won, true);
  assert.equal((await names.claim('bob', 4, 'b')).won, false);
});
