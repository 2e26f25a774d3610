import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FakeClock } from '../../../testing/clock.ts';
import { DocumentsScene } from '../../../testing/documents.ts';
import { MemoryStorage } from '../../storage/memory/storage.ts';

const MISSING = 987_654;

/** A storage that lists the reads that it is asked for. */
function listing(clock: FakeClock) {
  const reads: string[] = [];
  const storage = new Proxy(new MemoryStorage(clock), {
    get(target, name) {
      const value: unknown = Reflect.get(target, name, target);
      if (typeof value !== 'function') return value;
      return (...args: unknown[]) => {
        if (name !== 'append') reads.push(String(name));
        return value.apply(target, args);
      };
    },
  });
  return { storage, reads };
}

test('DOC-82 DOC-144 T25 a document that one may not know of is read as often as one that does not exist', async () => {
  const clock = new FakeClock();
  const { storage, reads } = listing(clock);
  const scene = await DocumentsScene.open({ clock, storage });
  const [toto, bob, eve] = [await scene.member('toto'), await scene.member('bob'), await scene.member('eve')];
  const direct = await toto.add<'room'>(toto.rooms, { key: { type: 'room' }, members: [{ key: bob.user }] });
  const group = await toto.add<'room'>(toto.rooms, { key: { type: 'room' }, name: 'Garden' });
  for (const room of [direct, group]) await toto.add(room, { key: { type: 'msg' }, text: 'secret' });
  const ask = async (id: number) => {
    const all: unknown[] = [];
    const pair = (other: number) => [id, other];
    for (const key of [
      { type: 'room', id },
      { type: 'members', id },
      { type: 'msg', id: pair(1) },
      { type: 'member', id: pair(toto.id) },
    ])
      for (const [cls, data] of [
        ['get_content', { key }],
        ['get_children', { key }],
        ['patch_content', { key, ver: null, patch: [] }],
      ] as const) {
        reads.length = 0;
        const { id: _, ...answer } = await eve.ask(cls, data);
        all.push([cls, key.type, answer, [...reads]]);
      }
    for (const data of [
      { text: 'secret', room: { type: 'room', id } },
      { text: 'secret', before: { type: 'msg', id: pair(1) } },
    ]) {
      reads.length = 0;
      const { id: _, ...answer } = await eve.ask('search', data);
      all.push([data.text, answer, [...reads]]);
    }
    return all;
  };
  const missing = await ask(MISSING);
  assert.deepEqual(await ask(direct.id), missing);
  assert.deepEqual(await ask(group.id), missing);
  assert.ok(JSON.stringify(missing).includes('"load"'));
});
