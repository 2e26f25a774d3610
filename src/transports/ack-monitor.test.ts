import assert from 'node:assert/strict';
import { Socket } from 'node:net';
import { test } from 'node:test';
import { FakeClock } from '../../testing/clock.ts';
import { waitForIo } from '../../testing/condition.ts';
import { AckMonitor } from './ack-monitor.ts';
import { type TcpState, TcpTable } from './tcp-table.ts';

const QUIET: TcpState = { isTimeWait: false, unacknowledged: 0, isUnanswered: false };
const BUSY: TcpState = { ...QUIET, unacknowledged: 9 };
const STUCK: TcpState = { ...BUSY, isUnanswered: true };

/** A table that says of every connection what the test says. */
class StubTable extends TcpTable {
  state: TcpState | null | undefined = QUIET;
  reads = 0;
  /** Reads wait for this. */
  gate = Promise.resolve();

  override async find(keys: ReadonlySet<string>): Promise<ReadonlyMap<string, TcpState> | null> {
    this.reads++;
    await this.gate;
    const { state } = this;
    if (state === null) return null;
    return new Map(state === undefined ? [] : Array.from(keys, (key) => [key, state]));
  }
}

/** A socket without a connection, whose count of written bytes the test sets. */
function stubSocket(): Socket & { written: number } {
  const socket = Object.assign(new Socket(), { written: 0 });
  Object.defineProperty(socket, 'bytesWritten', { get: () => socket.written });
  return socket;
}

function watching() {
  const clock = new FakeClock();
  const table = new StubTable([]);
  const socket = stubSocket();
  const monitor = new AckMonitor(table, clock);
  const watch = monitor.watch(socket);
  const pass = async (seconds: number) => {
    for (let second = 0; second < seconds; second++) {
      clock.advance(1_000);
      await waitForIo();
    }
  };
  return { clock, table, socket, monitor, watch, pass };
}

test('PORT-44 a peer that does not acknowledge bytes counts as silent after 30 s and is cut off after 45 s', async () => {
  const { clock, table, socket, monitor, watch, pass } = watching();
  socket.written = 9;
  table.state = STUCK;
  await pass(3);
  assert.deepEqual([watch.isAnswering, watch.isSilent], [false, false]);
  await pass(29);
  assert.deepEqual([watch.isSilent, socket.destroyed], [false, false]);
  await pass(1);
  assert.deepEqual([watch.isSilent, socket.destroyed], [true, false]);
  await pass(15);
  assert.equal(socket.destroyed, true);
  monitor.unwatch(watch);
  assert.equal(clock.timers, 0);
});

test('PORT-44 an acknowledgement ends the silence, also a late one', async () => {
  const { table, socket, watch, pass } = watching();
  socket.written = 9;
  for (const answer of [QUIET, BUSY, undefined]) {
    table.state = STUCK;
    socket.written++;
    await pass(40);
    assert.equal(watch.isSilent, true);
    table.state = answer;
    await pass(3);
    assert.deepEqual([watch.isAnswering, watch.isSilent, socket.destroyed], [true, false, false]);
  }
});

test('PORT-44 the table is read only while bytes may be on their way; bytes that were on their way are looked at again', async () => {
  const { table, socket, watch, pass } = watching();
  await pass(60);
  assert.equal(table.reads, 0);
  socket.written = 9;
  table.state = BUSY;
  await pass(3);
  table.state = STUCK;
  await pass(3);
  assert.equal(watch.isAnswering, false);
  table.state = QUIET;
  await pass(3);
  const { reads } = table;
  await pass(60);
  assert.equal(table.reads, reads);
});

test('PORT-44 without a table nobody is silent', async () => {
  const { table, socket, watch, pass, monitor } = watching();
  socket.written = 9;
  table.state = null;
  await pass(120);
  assert.deepEqual([watch.isAnswering, watch.isSilent, socket.destroyed], [true, false, false]);
  assert.equal(await monitor.endedInOrder('key'), null);
});

test('PORT-44 one timer serves all streams, also if the last one ends and another begins while the table is read', async () => {
  const { clock, table, socket, monitor, watch, pass } = watching();
  const { promise, resolve } = Promise.withResolvers<void>();
  table.gate = promise;
  socket.written = 9;
  await pass(3);
  assert.equal(table.reads, 1);
  monitor.unwatch(watch);
  const next = monitor.watch(stubSocket());
  resolve();
  await waitForIo();
  assert.equal(clock.timers, 1);
  monitor.unwatch(next);
  assert.equal(clock.timers, 0);
});
