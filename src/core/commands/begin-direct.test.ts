import assert from 'node:assert/strict';
import { test } from 'node:test';
import { countingIds } from '../../../testing/ids.ts';
import { TestWorld } from '../../../testing/world.ts';
import { personStream, roomStream } from '../model/ids.ts';
import { loadState, States } from '../state/states.ts';
import { decideBeginDirect } from './begin-direct.ts';

test('WORLD-89 T35 a person in 1,000 directs begins no other, and can still use the existing ones', async () => {
  const app = await TestWorld.open();
  const alice = await app.member('alice');
  const states = new States();
  const others = Array.from({ length: 1_001 }, (_, index) => ({ id: 1_000_000 + index, name: `p${index}` }));
  const input = { now: 0, ids: countingIds(7), lobby: app.world.lobby };
  const begin = async (index: number) => {
    const room = 2_000_000 + index;
    const other = others[index] ?? { id: 0, name: '' };
    for (const stream of [personStream(alice), personStream(other.id), roomStream(room)])
      if (!states.has(stream)) states.put(stream, await loadState(app.storage, stream));
    const people = [{ id: alice, name: 'alice' }, other] as const;
    const decision = decideBeginDirect(states, { type: 'begin-direct', people, room }, input);
    if (!decision.ok) return decision.error.type;
    for (const { stream, entries } of decision.value.writes)
      for (const body of entries) states.apply({ stream, position: states.position(stream) + 1, body });
    return 'begun';
  };
  for (let index = 0; index < 1_000; index++) assert.equal(await begin(index), 'begun');
  assert.equal(await begin(1_000), 'too-many');
  assert.equal(await begin(0), 'begun', 'this one exists');
});
