import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { RoomId } from '../../src/core/model/ids.ts';
import type { Message } from '../../src/core/model/message.ts';
import type { Client, Driver } from '../matrix/driver.ts';
import { drivers } from '../matrix/drivers.ts';
import { type MatrixServer, openServer } from '../matrix/server.ts';
import { logIn, PASSWORD } from './fixture.ts';

type Found = { readonly msgs: readonly { readonly text: string }[]; readonly next?: unknown };

const documents: Driver = drivers.find(({ protocol }) => protocol === 'documents') ?? assert.fail();
const names = { ann: 'Annabel01', ben: 'Benedict01' };

describe('T25 searches by documents', () => {
  let server: MatrixServer;
  let ann: Client;
  let ben: Client;
  let left: RoomId;
  let direct: RoomId;
  const messages = new Map<string, Message>();

  before(async () => {
    server = await openServer();
    for (const name of Object.values(names)) await server.account(name, PASSWORD);
    [ann, ben] = [await logIn(server, documents, names.ann), await logIn(server, documents, names.ben)];
    const [annId, benId] = [server.person(names.ann), server.person(names.ben)];
    const { lobby } = server.world;
    const say = async (text: string, room: RoomId = lobby): Promise<void> => {
      const post = { text, clientTime: null };
      messages.set(text, await server.must<Message>((world, done) => world.messages.post(annId, room, post, done)));
    };
    const idOf = (text: string) => messages.get(text)?.id ?? assert.fail(text);
    left = await server.must<RoomId>((world, done) => world.rooms.create(annId, 'Terrace01', null, false, done));
    await server.must((world, done) => world.rooms.join(benId, left, done));
    for (const text of ['canary deleted', 'canary edited-away', 'canary shared']) await say(text);
    await say('canary before leaving', left);
    assert.deepEqual(await textsFor(ben, 'canary'), [
      'canary before leaving',
      'canary shared',
      'canary edited-away',
      'canary deleted',
    ]);
    await server.must((world, done) => world.rooms.leave(benId, left, done));
    await say('canary after leaving', left);
    const actor = server.world.actor(annId) ?? assert.fail();
    await server.must((world, done) => world.messages.delete(actor, idOf('canary deleted'), done));
    await server.must((world, done) => world.messages.edit(annId, idOf('canary edited-away'), 'harmless', done));
    await server.must((world, done) => world.relationships.set('block', benId, names.ann, true, done));
    direct = await server.must<RoomId>((world, done) =>
      world.messages.direct(
        annId,
        names.ben,
        { text: 'canary withheld', clientTime: null },
        () => {},
        (sent) => done(sent.ok ? { ok: true, value: sent.value.message.room } : sent),
      ),
    );
  });
  after(() => server.close());

  async function ask(client: Client, data: object): Promise<{ status: number; data: Found }> {
    return JSON.parse(await client.raw(JSON.stringify({ type: 'request', id: '1', cls: 'search', data })));
  }

  async function textsFor(client: Client, text: string, more: object = {}): Promise<readonly string[]> {
    const { status, data } = await ask(client, { text, ...more });
    assert.equal(status, 200);
    return data.msgs.map((one) => one.text);
  }

  test('T25 T27 STORE-121 what was deleted, edited away, withheld or left behind is found by no word of it', async () => {
    for (const text of ['deleted', 'edited', '"edited away"', 'withheld', 'leaving', '"before leaving"', 'after'])
      assert.deepEqual(await textsFor(ben, text), [], text);
    assert.deepEqual(await textsFor(ben, 'canary'), ['canary shared']);
    assert.deepEqual(await textsFor(ben, 'canary', { size: 1 }), ['canary shared']);
    assert.equal(
      (await ask(ben, { text: 'canary', size: 1 })).data.next,
      undefined,
      'nothing tells that there is more',
    );
    assert.deepEqual(await textsFor(ann, 'canary'), [
      'canary withheld',
      'canary after leaving',
      'canary before leaving',
      'canary shared',
    ]);
  });

  test('T25 DOC-145 a search for a sender tells no more: what is hidden, and a person who is unknown or silent, look alike', async () => {
    const sender = (id: number) => ({ sender: { type: 'user', id } });
    const [byAnn, byBen] = [sender(server.person(names.ann)), sender(server.person(names.ben))];
    assert.deepEqual(await textsFor(ben, '', byAnn), ['canary shared', 'harmless']);
    assert.deepEqual(await textsFor(ben, 'canary', byAnn), ['canary shared']);
    assert.equal((await ask(ben, { size: 2, ...byAnn })).data.next, undefined, 'nothing tells that there is more');
    const silent = await ask(ben, byBen);
    assert.deepEqual(await ask(ben, sender(987_654_321)), silent);
    assert.deepEqual(silent.data, { users: [], rooms: [], msgs: [] });
  });

  test('T25 in the room that he left he is no member; the message that was withheld from him does not exist', async () => {
    const key = { type: 'room', id: left };
    assert.equal((await ask(ben, { text: 'canary', room: key })).status, 403);
    const before = (room: RoomId, number: number) =>
      ask(ben, { text: 'canary', before: { type: 'msg', id: [room, number] } });
    assert.deepEqual(await before(left, 1), await before(left, 999));
    assert.deepEqual(await before(direct, 1), await before(direct, 999));
    assert.deepEqual(await before(direct, 1), await before(987_654_321, 1));
    assert.deepEqual(await textsFor(ben, 'canary', { room: { type: 'room', id: direct } }), []);
  });
});
