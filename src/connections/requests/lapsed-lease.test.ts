import assert from 'node:assert/strict';
import { test } from 'node:test';
import { MemoryBus } from '../../bus/memory/bus.ts';
import { MemoryNames } from '../../storage/memory/names.ts';
import { MemoryStorage } from '../../storage/memory/storage.ts';
import { FakeClock } from '../../../testing/clock.ts';
import { FaultyNode } from '../../../testing/faulty-node.ts';
import { TestHub } from '../../../testing/hub.ts';
import { countingIds } from '../../../testing/ids.ts';
import { lineProtocol } from '../../../testing/line-protocol.ts';
import { passSeconds, TestWorld } from '../../../testing/world.ts';

/** Names and storage that can be away. */
class FailingNames extends MemoryNames {
  isAway = false;
  override async renew(node: string) {
    if (this.isAway) throw new Error('away');
    return super.renew(node);
  }
}

class FailingStorage extends MemoryStorage {
  isAway = false;
  override async changes() {
    if (this.isAway) throw new Error('away');
    return super.changes();
  }
}

/** A hub on a node that can be stopped, and a world on another node that goes on. */
async function open() {
  const clock = new FakeClock();
  const bus = new MemoryBus();
  const names = new FailingNames(clock);
  const storage = new FailingStorage(clock);
  const node = new FaultyNode(clock, bus.join());
  const app = await TestHub.open({ clock, storage, names, node, ids: countingIds(1) });
  const other = await TestWorld.open({ clock, storage: storage.join(), names, bus: bus.join(), ids: countingIds(2) });
  return { clock, names, storage, node, app, other };
}

test('WORLD-288 WORLD-293 a node that was stopped answers when it has its lease again, and knows then what others did meanwhile', async () => {
  const { clock, node, app, other } = await open();
  await app.accounts('dan');
  const [alice, bob] = [app.client(lineProtocol({ history: 0 })), app.client(lineProtocol({ history: 0 }))];
  await alice.ask('enter alice');
  await bob.ask('enter bob');
  await passSeconds(clock, 10);
  alice.lines();
  node.stop();
  await passSeconds(clock, 12);
  const eve = await other.enter('bob');
  await other.post(eve, 'meanwhile');
  await other.settle();
  const late = app.client(lineProtocol({ history: 1 }));
  alice.send('who', 'say hello', 'who');
  bob.send('say too late');
  late.send('login dan');
  assert.deepEqual([alice.lines(), late.lines()], [[], []], 'its lease has run out');
  node.go();
  await app.settle();
  assert.deepEqual(alice.lines(), [
    'left bob lost',
    'new 1 bob meanwhile',
    'alice bob',
    'ok',
    'alice bob',
    'new 2 alice hello',
  ]);
  assert.deepEqual(late.lines(), ['ok', 'old 1 bob meanwhile', 'old 2 alice hello']);
  assert.equal(bob.closeKind(), 'timeout');
});

test('WORLD-289 while the lease cannot be renewed, or storage not be read, every request is refused after 3 s', async () => {
  const { clock, node, names, storage, app } = await open();
  const alice = app.client(lineProtocol({ history: 0 }));
  await alice.ask('enter alice');
  await passSeconds(clock, 10);
  node.stop();
  await passSeconds(clock, 12);
  names.isAway = storage.isAway = true;
  node.go();
  alice.send('who', 'say hello');
  await passSeconds(clock, 2);
  assert.deepEqual(alice.lines(), []);
  await passSeconds(clock, 1);
  assert.deepEqual(alice.lines(), ['no unavailable', 'no unavailable']);
  names.isAway = false;
  alice.send('say again');
  await passSeconds(clock, 1);
  assert.deepEqual(alice.lines(), []);
  storage.isAway = false;
  await passSeconds(clock, 2);
  assert.deepEqual(alice.lines(), ['ok', 'new 1 alice again']);
});

test('WORLD-288 nothing is done for a client that has gone while it waited, nor for one after it left', async () => {
  const { clock, node, app, other } = await open();
  const guest = app.client(lineProtocol({ history: 0 }));
  const eve = app.client(lineProtocol({ history: 0 }));
  await eve.ask('enter eve');
  await passSeconds(clock, 10);
  node.stop();
  await passSeconds(clock, 12);
  guest.send('enter alice', 'say hello');
  await guest.drop();
  eve.send('leave', 'say hello', 'who');
  node.go();
  await passSeconds(clock, 3);
  assert.deepEqual([eve.lines(), eve.closeKind()], [['left eve left'], 'done']);
  assert.deepEqual([...other.world.people.visible], []);
  assert.equal(app.world.position(app.world.lobby), 1);
});

test('STORE-28 WORLD-288 a node without others never waits, however long it slept', async () => {
  const app = await TestHub.open();
  const alice = app.client(lineProtocol({ history: 0 }));
  await alice.ask('enter alice');
  app.clock.suspend(3_600_000);
  assert.deepEqual(await alice.ask('who'), ['alice']);
});
