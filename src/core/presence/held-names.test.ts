import assert from 'node:assert/strict';
import { test } from 'node:test';
import { MemoryNames } from '../../storage/memory/names.ts';
import { HeldNames } from './held-names.ts';

/** Names in memory that can be away, and slow to release. */
class FailingNames extends MemoryNames {
  isAway = false;
  hold: Promise<void> | null = null;

  override async release(...args: Parameters<MemoryNames['release']>): Promise<void> {
    await this.hold;
    if (this.isAway) throw new Error('away');
    return super.release(...args);
  }
}

async function opened() {
  const names = new FailingNames();
  for (const node of ['a', 'b']) await names.renew(node);
  const needed = new Set<string>();
  const held = new HeldNames(names, 'a', (skeleton) => needed.has(skeleton));
  const isFree = async (skeleton: string) => (await names.claim(skeleton, 99, 'b')).won;
  return { names, needed, held, isFree };
}

const turn = () => new Promise(setImmediate);

test('WORLD-287 a name that could not be freed is freed when that is possible again', async () => {
  const { names, held, isFree } = await opened();
  await held.claim('ada', 1);
  names.isAway = true;
  held.release('ada', 1);
  await turn();
  held.releaseAgain();
  await turn();
  names.isAway = false;
  assert.equal(await isFree('ada'), false);
  held.releaseAgain();
  await turn();
  assert.equal(await isFree('ada'), true);
});

test('WORLD-287 a name that somebody has taken up again is not freed', async () => {
  const { names, needed, held, isFree } = await opened();
  await held.claim('ada', 1);
  names.isAway = true;
  held.release('ada', 1);
  await turn();
  needed.add('ada');
  names.isAway = false;
  held.releaseAgain();
  await turn();
  needed.delete('ada');
  held.releaseAgain();
  await turn();
  assert.equal(await isFree('ada'), false);
});

test('WORLD-287 a claim waits for a release of the same name that is under way', async () => {
  const { names, held, isFree } = await opened();
  await held.claim('ada', 1);
  const hold = Promise.withResolvers<void>();
  names.hold = hold.promise;
  held.release('ada', 1);
  const claimed = held.claim('ada', 1);
  await turn();
  hold.resolve();
  assert.deepEqual(await claimed, { won: true });
  await turn();
  assert.equal(await isFree('ada'), false);
});

test('WORLD-43 names are claimed again, many at once; who lost one is told, and who left meanwhile keeps none', async () => {
  const { names, needed, held, isFree } = await opened();
  const holders = Array.from({ length: 200 }, (_, index) => ({ skeleton: `name ${index}`, person: index + 1 }));
  for (const { skeleton } of holders) needed.add(skeleton);
  await names.claim('name 150', 999, 'b');
  const lost: number[] = [];
  const claimed = held.claimAgain(holders, async (person) => void lost.push(person));
  needed.delete('name 0');
  needed.delete('name 199');
  await claimed;
  assert.deepEqual(lost, [151]);
  await turn();
  assert.deepEqual(await Promise.all(['name 0', 'name 1', 'name 199'].map(isFree)), [true, false, true]);
});
