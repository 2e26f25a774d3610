import assert from 'node:assert/strict';
import { test } from 'node:test';
import { TestHub } from '../../../testing/hub.ts';
import { lineProtocol } from '../../../testing/line-protocol.ts';

const DAY = 86_400_000;
const YEAR = 365 * DAY;
const WRONG = [3_600_000, -3_600_000, YEAR, -YEAR, 10 * YEAR];

async function withBob() {
  const app = await TestHub.open();
  await app.accounts('alice', 'bob', 'carol');
  const bob = app.client(lineProtocol());
  await bob.ask('login bob');
  const waiting = async () => (await app.client(lineProtocol({ history: 0 })).ask('login alice')).slice(1);
  return { app, bob, waiting };
}

test('CONN-45 CONN-100 a clock that was wrong for one message moves no other in the backlog', async () => {
  for (const wrong of WRONG) {
    const { app, bob, waiting } = await withBob();
    await bob.ask('say 1');
    app.clock.advance(10);
    await bob.ask('direct alice a');
    app.clock.advance(10);
    app.clock.jump(wrong);
    await bob.ask('say 2');
    app.clock.jump(-wrong);
    app.clock.advance(10);
    await bob.ask('direct alice b');
    app.clock.advance(10);
    await bob.ask('say 3');
    app.clock.advance(10);
    await bob.ask('direct alice c');
    const lines = await waiting();
    const place = (line: string) => lines.indexOf(line);
    assert.deepEqual(
      lines.filter((line) => line !== 'old 2 bob 2'),
      ['old 1 bob 1', 'old @bob 1 bob a', 'old @bob 2 bob b', 'old 3 bob 3', 'old @bob 3 bob c'],
      `${wrong} ms`,
    );
    assert.ok(place('old 1 bob 1') < place('old 2 bob 2') && place('old 2 bob 2') < place('old 3 bob 3'));
  }
});

test('CONN-44 CONN-100 a message with the time of a clock that was a year behind still waits', async () => {
  const { app, bob, waiting } = await withBob();
  await bob.ask('say 1', 'say 2');
  app.clock.jump(-YEAR);
  await bob.ask('say 3');
  app.clock.jump(YEAR);
  await bob.ask('say 4');
  app.clock.jump(-YEAR);
  await bob.ask('say 5');
  app.clock.jump(YEAR);
  assert.deepEqual(
    await waiting(),
    [1, 2, 3, 4, 5].map((number) => `old ${number} bob ${number}`),
  );
});

test('CONN-44 CONN-101 a login while the clock is a year ahead gets what waits', async () => {
  for (const wrong of WRONG) {
    const { app, bob, waiting } = await withBob();
    await bob.ask('say 1', 'direct alice a');
    app.clock.jump(wrong);
    assert.deepEqual(await waiting(), ['old 1 bob 1', 'old @bob 1 bob a'], `${wrong} ms`);
  }
});

test('CONN-44 CONN-101 30 days that pass are still the limit, also after the clock was wrong', async () => {
  const { app, bob, waiting } = await withBob();
  await bob.ask('say 1');
  app.clock.jump(YEAR);
  await bob.ask('say 2');
  app.clock.jump(-YEAR);
  app.clock.suspend(DAY);
  await bob.ask('say 3');
  app.clock.suspend(30 * DAY);
  assert.deepEqual(await waiting(), ['old 2 bob 2', 'old 3 bob 3'], 'the second message may be as new as the third');
});
