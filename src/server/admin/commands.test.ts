import assert from 'node:assert/strict';
import test from 'node:test';
import { openTestApp, type TestApp } from '../../../testing/app.ts';
import { untilSettled, TestWorld } from '../../../testing/world.ts';
import { FakeClock } from '../../../testing/clock.ts';
import { runAdmin } from './commands.ts';
import type { AdminReply, AdminRequest } from './messages.ts';

const HOUR = 3_600_000;

/** An app, an operator, and people who write and read lines of c2. */
async function app() {
  const clock = new FakeClock();
  const opened: TestApp = await openTestApp({ clock });
  const run = async (request: AdminRequest): Promise<AdminReply> => {
    const reply = await untilSettled(clock, runAdmin(opened.world, clock.now(), request));
    await opened.settle();
    return reply;
  };
  const enter = async (name: string) => {
    const { link, peer } = opened.connect('c2');
    const ask = async (...lines: string[]): Promise<string[]> => {
      peer.send(...lines.map((line) => new TextEncoder().encode(`${line}\n`)));
      await opened.settle();
      return new TextDecoder().decode(peer.take()).split('\n').slice(0, -1);
    };
    const answer = await ask(`c2/CONNECT ${name}`);
    return { link, ask, answer };
  };
  return { clock, run, enter };
}

const done = (...lines: string[]) => ({ ok: true, lines });
const refused = (...lines: string[]) => ({ ok: false, lines });

test('SERVER-68 a ban disconnects, keeps out for its time, and can be lifted', async () => {
  const { clock, run, enter } = await app();
  const mallory = await enter('mallory');
  const ban = { command: 'ban', name: 'mallory', reason: 'spam', forMs: HOUR } as const;
  assert.deepEqual(await run(ban), done('mallory is banned until 2026-01-01 01:00:00 UTC: spam'));
  assert.deepEqual(mallory.link.ended, { kind: 'removed', reason: 'banned: spam' });
  assert.deepEqual((await enter('mallory')).answer, ['c2/ERROR banned: spam']);
  assert.deepEqual(await run({ command: 'unban', name: 'mallory' }), done('mallory may come again'));
  assert.deepEqual(await run({ command: 'unban', name: 'mallory' }), refused('mallory is not banned'));
  assert.deepEqual((await enter('mallory')).answer, ['c2/ACKNOWLEDGE Parlance']);
  assert.deepEqual(await run({ ...ban, forMs: null }), done('mallory is banned for good: spam'));
  clock.advance(100 * HOUR);
  assert.deepEqual((await enter('mallory')).answer, ['c2/ERROR banned: spam']);
});

test('SERVER-68 a kick disconnects, and the person may come back', async () => {
  const { run, enter } = await app();
  const bob = await enter('bob');
  assert.deepEqual(
    await run({ command: 'kick', name: 'bob', reason: 'calm down' }),
    done('bob was sent away and may come again'),
  );
  assert.equal(bob.link.ended?.kind, 'removed');
  assert.deepEqual(await run({ command: 'kick', name: 'bob', reason: 'again' }), refused('nobody here is called bob'));
  assert.deepEqual((await enter('bob')).answer, ['c2/ACKNOWLEDGE Parlance']);
});

test('SERVER-68 a mute prevents writing for its time, and can be lifted', async () => {
  const { clock, run, enter } = await app();
  const bob = await enter('bob');
  const mute = { command: 'mute', name: 'bob', forMs: HOUR } as const;
  assert.deepEqual(await run(mute), done('bob may not write in the lobby, until 2026-01-01 01:00:00 UTC'));
  assert.match((await bob.ask('c2/MSG 1; hello')).join(), /^c2\/ERROR/);
  clock.advance(HOUR);
  assert.equal((await bob.ask('c2/MSG 1; hello'))[0], 'c2/ACKNOWLEDGE');
  assert.deepEqual(await run({ ...mute, forMs: null }), done('bob may not write in the lobby, for good'));
  assert.deepEqual(await run({ command: 'unmute', name: 'bob' }), done('bob may write again'));
  assert.deepEqual(await run({ command: 'unmute', name: 'bob' }), refused('bob is not muted'));
  assert.equal((await bob.ask('c2/MSG 1; hello'))[0], 'c2/ACKNOWLEDGE');
});

test('SERVER-84 a ban or a mute of a name that nobody has says so, and holds for later users of the name', async () => {
  const world = await TestWorld.open();
  const guest = await world.enter('bob');
  await world.register('alice');
  const run = async (request: AdminRequest) =>
    (await untilSettled(world.clock, runAdmin(world.world, world.clock.now(), request))).lines;
  const mute = { command: 'mute', forMs: null } as const;
  const ban = { command: 'ban', reason: 'spam', forMs: null } as const;
  const nobody = 'nobody has this name now';
  const muted = (name: string) => `${name} may not write in the lobby, for good`;
  const banned = (name: string) => `${name} is banned for good: spam`;
  assert.deepEqual(await run({ ...mute, name: 'bbo' }), [muted('bbo'), nobody]);
  assert.deepEqual(await run({ ...ban, name: 'obb' }), [banned('obb'), nobody]);
  const later = await world.enter('bbo');
  assert.deepEqual(await world.post(later, 'hello'), { ok: false, error: { type: 'muted' } });
  await world.must((opened, done) => opened.setStatus(guest, 'OFFLINE', done));
  await world.settle();
  for (const name of ['Bob', 'Alice']) {
    assert.deepEqual(await run({ ...mute, name }), [muted(name)]);
    assert.deepEqual(await run({ ...ban, name }), [banned(name)]);
  }
  assert.deepEqual(await run({ ...ban, name: 'a;b' }), [
    'this name has a character, or a blank, that names may not have',
  ]);
});

test('SERVER-68 a message is deleted for everybody; an unknown one is refused', async () => {
  const { run, enter } = await app();
  const bob = await enter('bob');
  const [, shown = ''] = await bob.ask('c2/MSG 1; hello');
  const message = shown.split('; ')[2] ?? '';
  assert.deepEqual(await run({ command: 'delete', message }), done(`deleted ${message} by bob`));
  assert.deepEqual(await bob.ask(), [`c2/MSG bob; 1; ${message}; (deleted)`]);
  assert.deepEqual(await run({ command: 'delete', message: 'x' }), refused('there is no such message'));
});

test('SERVER-68 an invalid name or reason is refused with a text', async () => {
  const { run } = await app();
  assert.deepEqual(
    await run({ command: 'ban', name: 'a;b', reason: 'spam', forMs: null }),
    refused('this name has a character, or a blank, that names may not have'),
  );
  assert.deepEqual(
    await run({ command: 'ban', name: 'bob', reason: 'a\nb', forMs: null }),
    refused('this text has control characters'),
  );
});

test('SERVER-66 list shows the people who are present, since when, and the bans in force', async () => {
  const { clock, run, enter } = await app();
  await enter('alice');
  clock.advance(61_000);
  await enter('bob');
  await run({ command: 'ban', name: 'mallory', reason: 'spam', forMs: HOUR });
  await run({ command: 'ban', name: 'oscar', reason: 'noise', forMs: null });
  const people = [
    '2 people are here',
    '  alice, since 2026-01-01 00:00:00 UTC',
    '  bob, since 2026-01-01 00:01:01 UTC',
  ];
  const oscar = '  oscar is banned for good: noise';
  const mallory = '  mallory is banned until 2026-01-01 01:01:01 UTC: spam';
  assert.deepEqual(await run({ command: 'list' }), done(...people, '2 names are banned', mallory, oscar));
  clock.advance(HOUR);
  assert.deepEqual(await run({ command: 'list' }), done(...people, '1 name is banned', oscar));
});

test('SERVER-66 list shows at most 1,000 people and counts the others', async () => {
  const clock = new FakeClock();
  const people = Array.from({ length: 1_002 }, (_, index) => ({ name: `p${index}`, since: 0 }));
  const world = { people: { visible: people }, bans: [] } as unknown as TestApp['world'];
  const { lines } = await runAdmin(world, clock.now(), { command: 'list' });
  assert.equal(lines.length, 1 + 1_000 + 1 + 1);
  assert.deepEqual(lines.slice(-2), ['  and 2 more', '0 names are banned']);
});
