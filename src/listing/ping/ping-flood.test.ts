import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FakeClock } from '../../../testing/clock.ts';
import { PingedServer } from '../../../testing/pinged-server.ts';
import { pingServer } from './ping.ts';
import { PingLimits } from './ping-limits.ts';

const MINUTE_MS = 60_000;
const REGISTRATIONS = 10_000;
/** So many registrations come in a second, twice as many as are admitted. */
const PER_SECOND = 40;
const CALLERS = 2_000;

/** The most of these times within any minute. */
function mostInAMinute(times: readonly number[]): number {
  return Math.max(...times.map((start) => times.filter((time) => time >= start && time < start + MINUTE_MS).length));
}

test('T47 LIST-60 LIST-61 10,000 registrations of one victim by many names, ports and callers make 6 pings a minute', async (t) => {
  const clock = new FakeClock();
  const limits = new PingLimits(clock);
  const victims = await Promise.all([1, 2, 3].map(() => PingedServer.listen(t, (socket) => socket.end())));
  const network = { clock, resolve: async () => ['127.0.0.1'], allowed: { has: () => true } };
  const pings: { readonly at: number; readonly byCaller: boolean }[] = [];
  const ping = async (name: string, byCaller: boolean, admit: (targets: readonly string[]) => number) => {
    const port = victims[pings.length % victims.length]?.port;
    const { type } = await pingServer({ address: `${name}:${port}`, id: 1 }, network, admit);
    if (type !== 'later') pings.push({ at: clock.monotonic(), byCaller });
  };
  let callers = 0;
  for (let count = 0; count < REGISTRATIONS; count++) {
    const caller = `10.0.${(count % CALLERS) >> 8}.${(count % CALLERS) & 0xff}`;
    if (limits.admitCaller(caller) === 0) {
      callers += 1;
      await ping(`a${count}.example`, true, (targets) => limits.admitCallersPing(targets));
    }
    if (count % PER_SECOND === 0) await ping('listed.example', false, (targets) => limits.admitCheck(targets, true));
    clock.advance(1_000 / PER_SECOND);
  }
  assert.equal(callers, REGISTRATIONS / 2);
  assert.equal(mostInAMinute(pings.map(({ at }) => at)), 6);
  assert.equal(mostInAMinute(pings.filter(({ byCaller }) => byCaller).map(({ at }) => at)), 3);
  const connections = victims.reduce((sum, victim) => sum + victim.connections, 0);
  assert.equal(connections, pings.length);
});
