import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type LineClient, TestHub } from '../../../testing/hub.ts';
import { lineProtocol } from '../../../testing/line-protocol.ts';
import type { RoomId } from '../../core/model/ids.ts';
import type { Refusal } from '../../core/model/refusals.ts';
import type { World } from '../../core/world.ts';
import type { Result } from '../../lib/result.ts';

type Answer = (result: Result<RoomId, Refusal>) => void;

test('CONN-49 T27 a member who is added by another is delivered the room, one who is removed or banned nothing more', async () => {
  const app = await TestHub.open();
  await app.accounts('alice', 'bob');
  const login = async (name: string): Promise<LineClient> => {
    const client = app.client(lineProtocol({ history: 0, rooms: 'all' }));
    await client.ask(`login ${name}`);
    return client;
  };
  const [alice, bob] = [await login('alice'), await login('bob')];
  await bob.ask('create den');
  const [owner, other] = ['bob', 'alice'].map((name) => app.world.people.find(name)?.id ?? 0);
  const room = app.world.rooms.find('den') ?? assert.fail('there is no den');
  const must = async (command: (management: World['management'], answer: Answer) => void) => {
    let answer: Result<RoomId, Refusal> | null = null;
    command(app.world.management, (result) => (answer = result));
    await app.settle();
    assert.deepEqual(answer, { ok: true, value: room });
  };
  const add = () => must((management, answer) => management.addMember(owner ?? 0, room, other ?? 0, answer));
  const ends = [
    () => must((management, answer) => management.removeMember(owner ?? 0, room, other ?? 0, answer)),
    () =>
      must((management, answer) =>
        management.ban(owner ?? 0, room, other ?? 0, { reason: 'spam', until: null }, answer),
      ),
  ];
  for (const [index, end] of ends.entries()) {
    await add();
    await bob.ask(`group den seen ${index}`);
    assert.deepEqual(alice.lines(), [`new #den ${2 * index + 1} bob seen ${index}`]);
    bob.send(`group den with it ${index}`);
    await end();
    alice.lines();
    assert.deepEqual(await alice.ask('group den mine'), ['no not-member']);
  }
  await bob.ask('group den hidden');
  assert.deepEqual(alice.lines(), []);
  assert.deepEqual(await alice.ask('join den'), ['no banned']);
});
