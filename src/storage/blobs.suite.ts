import assert from 'node:assert/strict';
import { hash, randomBytes } from 'node:crypto';
import { test } from 'node:test';
import { type Blobs, readWhole } from './blobs.ts';

/** One store that two nodes have opened. */
export type SharedBlobs = {
  readonly one: Blobs;
  readonly other: Blobs;
  /** Another kind in the same place. */
  readonly otherKind: Blobs;
  /** Lets an hour pass by the clock that sweeps look at. */
  hour(): Promise<void>;
  /** How many bytes there are, those included that are being stored. */
  stored(): Promise<number>;
  close(): Promise<void>;
};

/** More than three pieces of any store, and not a whole number of them. */
const LARGE = randomBytes(900_001);
const NOTHING = async () => [];

async function add(blobs: Blobs, bytes: Uint8Array | string): Promise<string> {
  const blob = await blobs.begin();
  try {
    await blob.write(Buffer.from(bytes));
    return await blob.keep();
  } finally {
    await blob.discard();
  }
}

/** What every store of bytes must do. */
export function blobsSuite(name: string, open: () => Promise<SharedBlobs>): void {
  const blobsTest = (title: string, body: (shared: SharedBlobs) => Promise<void>): void => {
    void test(`${title} (${name})`, async () => {
      const shared = await open();
      try {
        await body(shared);
      } finally {
        await shared.close();
      }
    });
  };

  blobsTest(
    'STORE-240 bytes are there under their digest when they are kept, not before, and on both nodes',
    async (shared) => {
      const { one, other, otherKind } = shared;
      const digest = hash('sha256', LARGE);
      const blob = await one.begin();
      for (let at = 0; at < LARGE.length; at += 70_000) await blob.write(LARGE.subarray(at, at + 70_000));
      assert.equal(blob.size, LARGE.length);
      assert.deepEqual([await one.size(digest), await other.size(digest)], [null, null]);
      assert.equal(await blob.keep(), digest);
      await blob.discard();
      assert.deepEqual([await one.size(digest), await other.size(digest)], [LARGE.length, LARGE.length]);
      assert.equal(await otherKind.size(digest), null);
      assert.ok(LARGE.equals((await readWhole(other, digest)) ?? Buffer.alloc(0)));
      assert.equal(await readWhole(other, '0'.repeat(64)), null);
      assert.ok((await one.freeBytes()) > 2 ** 20);
    },
  );

  blobsTest('STORE-240 what was written can be read before it is kept, at any place', async ({ one }) => {
    const blob = await one.begin();
    for (let at = 0; at < LARGE.length; at += 300_000) await blob.write(LARGE.subarray(at, at + 300_000));
    for (const [position, length] of [
      [0, 64],
      [262_100, 100],
      [0, LARGE.length],
      [899_990, 100],
      [900_001, 1],
    ] as const)
      assert.deepEqual(await blob.readAt(position, length), LARGE.subarray(position, position + length));
    await blob.discard();
  });

  blobsTest('STORE-241 equal bytes are stored once, also when both nodes keep them at once', async (shared) => {
    const { one, other } = shared;
    const digests = await Promise.all([one, other, one, other, one].map((blobs) => add(blobs, LARGE)));
    assert.deepEqual(new Set(digests), new Set([hash('sha256', LARGE)]));
    assert.equal(await shared.stored(), LARGE.length);
    assert.ok(LARGE.equals((await readWhole(one, digests[0] ?? '')) ?? Buffer.alloc(0)));
  });

  blobsTest('STORE-242 any part can be read, from piece to piece', async ({ one, other }) => {
    const digest = await add(one, LARGE);
    for (const [first, last] of [
      [0, 0],
      [262_143, 262_144],
      [100_000, 800_000],
      [900_000, 900_000],
    ] as const) {
      const pieces: Buffer[] = [];
      for await (const piece of other.read(digest, first, last)) pieces.push(piece);
      assert.ok(LARGE.subarray(first, last + 1).equals(Buffer.concat(pieces)), `${first} to ${last}`);
    }
    await assert.rejects(async () => {
      for await (const piece of one.read(digest, 0, LARGE.length)) assert.ok(piece.length > 0);
    });
  });

  blobsTest('STORE-243 what is discarded leaves nothing', async (shared) => {
    const blob = await shared.one.begin();
    await blob.write(LARGE);
    await blob.discard();
    assert.equal(await shared.stored(), 0);
    await assert.rejects(blob.keep());
  });

  blobsTest(
    'STORE-243 what nobody goes on writing for an hour is deleted by any node, and nothing else',
    async (shared) => {
      const { one, other } = shared;
      const [left, slow] = [await one.begin(), await one.begin()];
      for (const blob of [left, slow]) await blob.write(LARGE);
      await other.sweep(NOTHING);
      await shared.hour();
      await slow.write(LARGE);
      await other.sweep(NOTHING);
      await assert.rejects(left.write(LARGE).then(() => left.keep()));
      await left.discard();
      const digest = await slow.keep();
      assert.equal(await one.size(digest), 2 * LARGE.length);
      assert.equal(await shared.stored(), 2 * LARGE.length);
    },
  );

  blobsTest('STORE-245 what nothing has named for an hour is deleted, and only that', async (shared) => {
    const { one, other } = shared;
    const [named, unnamed] = [await add(one, 'named'), await add(one, LARGE)];
    const sweep = (blobs: Blobs) => blobs.sweep(async (digests) => digests.filter((digest) => digest === named));
    for (const blobs of [one, other]) await sweep(blobs);
    assert.equal(await other.size(unnamed), LARGE.length);
    await shared.hour();
    for (const blobs of [other, one]) await sweep(blobs);
    assert.deepEqual([await one.size(unnamed), await one.size(named)], [null, 5]);
    assert.equal(await shared.stored(), 5);
  });

  blobsTest('STORE-245 what was named stays for an hour after that', async (shared) => {
    const { one } = shared;
    const digest = await add(one, 'a file');
    for (let count = 0; count < 2; count++) {
      await one.sweep(async () => [digest]);
      await shared.hour();
    }
    await one.sweep(NOTHING);
    assert.equal(await one.size(digest), 6);
    await shared.hour();
    await one.sweep(NOTHING);
    assert.equal(await one.size(digest), null);
  });

  blobsTest('STORE-245 what a node keeps again while another one compares is not deleted', async (shared) => {
    const { one, other } = shared;
    const digest = await add(one, 'a file');
    await one.sweep(NOTHING);
    await shared.hour();
    await one.sweep(async () => {
      await add(other, 'a file');
      return [];
    });
    assert.equal(await one.size(digest), 6);
  });

  blobsTest('STORE-245 what a node holds by its first digits stays for an hour on all of them', async (shared) => {
    const { one, other, otherKind } = shared;
    const digest = await add(one, 'a file');
    assert.equal(await otherKind.hold(digest.slice(0, 16)), null);
    assert.equal(await other.hold('0123456789abcdef'), null);
    await one.sweep(NOTHING);
    await shared.hour();
    assert.equal(await other.hold(digest.slice(0, 16)), digest);
    await one.sweep(NOTHING);
    assert.equal(await one.size(digest), 6);
    await shared.hour();
    await one.sweep(NOTHING);
    assert.equal(await other.hold(digest), null);
  });

  blobsTest('STORE-245 while the names cannot be read nothing is deleted', async (shared) => {
    const { one } = shared;
    const digest = await add(one, 'a file');
    await one.sweep(NOTHING);
    await shared.hour();
    await assert.rejects(
      one.sweep(() => Promise.reject(new Error('unavailable'))),
      /^Error: unavailable$/,
    );
    assert.equal(await one.size(digest), 6);
  });

  blobsTest('STORE-245 many digests are compared in parts, each once', async (shared) => {
    const { one } = shared;
    const blobs = Array.from({ length: 510 }, (_, count) => `${count}`);
    const kept: string[] = [];
    for (const bytes of blobs) kept.push(await add(one, bytes));
    const asked: string[][] = [];
    await one.sweep(async (digests) => {
      asked.push([...digests]);
      return [];
    });
    assert.deepEqual(
      asked.map(({ length }) => length),
      [500, 10],
    );
    assert.deepEqual(asked.flat().toSorted(), kept.toSorted());
  });
}
