import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { LEASE_MS, type Names } from '../core/ports.ts';

/** A fresh service for one test, on which no node has a lease. */
export type OpenedNames = {
  readonly names: Names;
  /** Makes all leases this much older (ms), as if the clock of the service had moved on. */
  readonly pass: (ms: number) => Promise<void>;
  readonly close: () => Promise<void>;
};

/** Time in which a lease does not run out, however slow the test is. */
const HALF = LEASE_MS / 2;

/** The tests that every implementation of the port `Names` must pass if its leases run out. */
export function namesSuite(name: string, open: () => Promise<OpenedNames>): void {
  const rule = (title: string, body: (names: Names, pass: OpenedNames['pass']) => Promise<void>): void =>
    void test(title, async () => {
      const { names, pass, close } = await open();
      try {
        await body(names, pass);
      } finally {
        await close();
      }
    });

  describe(name, () => {
    rule('STORE-20 of all claims at once exactly one wins', async (names) => {
      for (const node of ['node 0', 'node 1', 'node 2']) await names.renew(node);
      const claims = await Promise.all(
        Array.from({ length: 200 }, (_, index) => names.claim('ada', index + 1, `node ${index % 3}`)),
      );
      assert.equal(claims.filter(({ won }) => won).length, 1);
      const winner = claims.findIndex(({ won }) => won);
      for (const claim of claims) {
        if (!claim.won) assert.deepEqual(claim, { won: false, person: winner + 1, node: `node ${winner % 3}` });
      }
    });

    rule('STORE-20 different names do not collide, whatever they contain', async (names) => {
      await names.renew('a');
      const skeletons = ['ada', 'Ada', '__proto__', 'constructor', '', 'é', 'e\u0301', '\u{1f600}', 'a b', "'", '\\'];
      const claims = await Promise.all(skeletons.map((skeleton, index) => names.claim(skeleton, index + 1, 'a')));
      assert(claims.every(({ won }) => won));
      for (const [index, skeleton] of skeletons.entries())
        assert.deepEqual(await names.claim(skeleton, 99, 'a'), { won: false, person: index + 1, node: 'a' });
    });

    rule('STORE-21 the holder may claim a name again, also from another node, which then has it', async (names) => {
      for (const node of ['a', 'b']) await names.renew(node);
      const largest = 2 ** 53 - 1;
      await names.claim('ada', largest, 'a');
      assert.deepEqual(await names.claim('ada', largest, 'b'), { won: true });
      assert.deepEqual(await names.claim('ada', 2, 'a'), { won: false, person: largest, node: 'b' });
    });

    rule('STORE-22 only its holder can release a name', async (names) => {
      await names.renew('a');
      await names.claim('ada', 1, 'a');
      await names.release('ada', 2);
      await names.release('nobody', 1);
      assert.equal((await names.claim('ada', 2, 'a')).won, false);
      await names.release('ada', 1);
      assert.equal((await names.claim('ada', 2, 'a')).won, true);
    });

    rule(
      'STORE-23 STORE-24 the names of a node that leaves are free, and no others; it claims no more',
      async (names) => {
        for (const node of ['a', 'b']) await names.renew(node);
        await names.claim('ada', 1, 'a');
        await names.claim('bob', 2, 'b');
        await names.claim('cid', 3, 'a');
        await names.leave('a');
        await names.leave('a');
        await names.leave('nobody');
        assert.equal((await names.claim('ada', 4, 'b')).won, true);
        assert.equal((await names.claim('cid', 4, 'b')).won, true);
        assert.equal((await names.claim('bob', 4, 'b')).won, false);
        await assert.rejects(names.claim('eve', 5, 'a'));
        assert.deepEqual(await names.renew('b'), { unbroken: true, nodes: ['b'] });
      },
    );

    rule('STORE-24 a node without a lease, or with one that has run out, claims nothing', async (names, pass) => {
      await assert.rejects(names.claim('ada', 1, 'a'));
      await names.renew('b');
      await names.renew('a');
      await names.claim('ada', 1, 'a');
      await pass(LEASE_MS);
      await names.renew('b');
      for (const skeleton of ['ada', 'eve']) await assert.rejects(names.claim(skeleton, 1, 'a'));
      assert.deepEqual(await names.claim('ada', 2, 'b'), { won: false, person: 1, node: 'a' });
      assert.equal((await names.claim('eve', 2, 'b')).won, true);
    });

    rule(
      'STORE-25 a lease is unbroken while it is renewed in time, and begins anew when it is not',
      async (names, pass) => {
        assert.equal((await names.renew('a')).unbroken, false);
        assert.equal((await names.renew('a')).unbroken, true);
        await names.claim('ada', 1, 'a');
        for (let times = 0; times < 4; times++) {
          await pass(HALF);
          assert.equal((await names.renew('a')).unbroken, true);
        }
        await pass(LEASE_MS);
        assert.equal((await names.renew('a')).unbroken, false);
        assert.equal((await names.renew('a')).unbroken, true);
        await names.renew('b');
        assert.equal((await names.claim('ada', 2, 'b')).won, false, 'nobody freed it');
        await names.leave('a');
        assert.equal((await names.renew('a')).unbroken, false);
        assert.equal((await names.claim('ada', 2, 'b')).won, true);
      },
    );

    rule(
      'STORE-23 STORE-26 STORE-27 after a whole term a renewal ends leases that ran out, with their names',
      async (names, pass) => {
        for (const node of ['a', 'b', 'c']) await names.renew(node);
        await names.claim('ada', 1, 'a');
        await names.claim('bob', 2, 'b');
        await names.claim('cid', 3, 'c');
        await pass(HALF);
        assert.deepEqual((await names.renew('b')).nodes.toSorted(), ['a', 'b', 'c']);
        await names.renew('c');
        await pass(HALF);
        assert.equal((await names.claim('ada', 4, 'b')).won, false, 'nobody has renewed since it ran out');
        assert.deepEqual((await names.renew('b')).nodes.toSorted(), ['b', 'c']);
        assert.equal((await names.claim('ada', 4, 'b')).won, true);
        assert.deepEqual(await names.claim('cid', 4, 'b'), { won: false, person: 3, node: 'c' });
        await assert.rejects(names.claim('eve', 1, 'a'));
        assert.deepEqual(
          [(await names.renew('a')).unbroken, await names.claim('ada', 1, 'a')],
          [false, { won: false, person: 4, node: 'b' }],
        );
      },
    );

    rule('STORE-26 STORE-27 when the service was away for all of them, nobody is dead yet', async (names, pass) => {
      const nodes = ['a', 'b', 'c'];
      for (const [index, node] of nodes.entries()) {
        await names.renew(node);
        await names.claim(node, index, node);
      }
      await pass(10 * LEASE_MS);
      for (const renewed of ['a', 'b']) {
        const lease = await names.renew(renewed);
        assert.deepEqual([lease.unbroken, lease.nodes.toSorted()], [false, nodes]);
      }
      await pass(HALF);
      assert.deepEqual((await names.renew('a')).nodes.toSorted(), nodes);
      assert.deepEqual(await names.claim('c', 9, 'a'), { won: false, person: 2, node: 'c' });
      assert.equal((await names.renew('c')).unbroken, false, 'it comes back late, and has its name');
      assert.deepEqual(await names.claim('c', 2, 'c'), { won: true });
      await pass(HALF);
      assert.deepEqual((await names.renew('a')).nodes.toSorted(), ['a', 'c'], 'b was not heard for a whole term');
      assert.equal((await names.claim('b', 9, 'a')).won, true);
    });

    rule('STORE-26 a node that has just started ends nothing', async (names, pass) => {
      await names.renew('a');
      await names.claim('ada', 1, 'a');
      await pass(LEASE_MS);
      assert.deepEqual((await names.renew('new')).nodes.toSorted(), ['a', 'new']);
      await pass(HALF);
      await names.renew('new');
      assert.equal((await names.claim('ada', 2, 'new')).won, false);
      await pass(HALF);
      assert.deepEqual(await names.renew('new'), { unbroken: true, nodes: ['new'] });
      assert.equal((await names.claim('ada', 2, 'new')).won, true);
    });
  });
}
