import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DocumentsScene, PASSWORD } from '../../../testing/documents.ts';

test('DOC-83 DOC-36 an account logs in with its password, a guest without one, and the answer names their documents', async () => {
  const scene = await DocumentsScene.open();
  for (const client of [await scene.member('toto'), await scene.guest('gus')]) {
    const { session, self, ...documents } = client.session;
    assert.match(String(session), /^.+$/);
    const { id } = self as { id: number };
    assert.deepEqual(documents, {
      rooms: { type: 'rooms', id },
      fav: { type: 'fav', id },
      root: { type: 'index', id: 1 },
      home: { type: 'unit', id: 1 },
      config: { media_server: '/media' },
      blocked: { type: 'blocked', id },
    });
    assert.equal(await scene.app.hub.sessions.owner(String(session)), id);
  }
});

test('DOC-41 DOC-43 a wrong login is refused as the document says, and so is a second one', async () => {
  const scene = await DocumentsScene.open();
  const toto = await scene.member('toto');
  const client = scene.client();
  for (const login of [
    { username: 'toto', password: 'wrong' },
    { username: 'nobody', password: 'wrong' },
  ]) {
    assert.deepEqual(await client.ask('login', login), {
      type: 'error',
      id: login.username === 'toto' ? 'id 1' : 'id 2',
      cls: 'login',
      status: 401,
      data: { code: 4010130, msg: 'Invalid Credential' },
    });
  }
  assert.equal(await toto.status('login', { username: 'toto', password: PASSWORD }), 4010110);
  assert.equal(await client.status('login', { username: 'toto' }), 4090130);
});

test('DOC-81 T24 before the login only login, register and reconnect are taken', async () => {
  const scene = await DocumentsScene.open();
  const client = scene.client();
  const key = { type: 'user', id: 1 };
  const requests: [string, object | undefined, number][] = [
    ['get_content', { key }, 4010410],
    ['get_children', { key }, 4010510],
    ['patch_content', { key, patch: [] }, 4010610],
    ['add_child', { key, obj: {} }, 4010710],
    ['remove_child', { key, obj: {} }, 4011110],
    ['password', {}, 4011510],
    ['delete_account', {}, 4011610],
    ['ban', {}, 4011710],
    ['token', undefined, 4011810],
    ['logout', undefined, 4010310],
    ['reconnect', { session: 'x' }, 4010220],
    ['nonsense', {}, 4000000],
  ];
  for (const [cls, data, code] of requests) assert.equal(await client.status(cls, data as never), code, cls);
  assert.equal(client.endedAs, null);
});

test('DOC-83 CONN-121 after logging out the connection takes the next login, and the session is worth nothing', async () => {
  const scene = await DocumentsScene.open();
  const client = await scene.member('toto');
  const secret = String(client.session.session);
  assert.deepEqual(await client.ask('logout'), { type: 'result', id: 'id 3', cls: 'logout', status: 200 });
  assert.equal(await scene.app.hub.sessions.owner(secret), null);
  assert.equal(await client.status('get_content', { key: client.user }), 4010410);
  await client.login({ username: 'gus' });
  assert.equal((await client.content(client.user)).username, 'gus');
});

test('DOC-87 a guest who registers becomes the account and keeps the connection and the id', async () => {
  const scene = await DocumentsScene.open();
  const gus = await scene.guest('gus');
  const before = gus.id;
  assert.equal(await gus.status('register', { username: 'gus', password: PASSWORD, display_name: 'Gus' }), 201);
  const { username, display_name, guest } = await gus.content(gus.user);
  assert.deepEqual([username, display_name, guest], ['gus', 'Gus', false]);
  const again = scene.client();
  await again.login({ username: 'gus', password: PASSWORD });
  assert.equal(again.id, before);
  assert.equal(await again.status('register', { username: 'gus', password: PASSWORD }), 4091230);
});

test('DOC-88 DOC-89 people change their password and delete their account', async () => {
  const scene = await DocumentsScene.open();
  const toto = await scene.member('toto');
  assert.equal(await toto.status('password', { old: 'wrong', new: 'another one' }), 4011530);
  assert.equal(await toto.status('password', { old: PASSWORD, new: 'another one' }), 200);
  const again = scene.client();
  assert.equal(await again.status('login', { username: 'toto', password: PASSWORD }), 4010130);
  await again.login({ username: 'toto', password: 'another one' });
  assert.equal(await again.status('delete_account', { password: PASSWORD }), 4011630);
  await again.ask('delete_account', { password: 'another one' });
  await scene.app.settle();
  assert.equal(scene.app.world.people.find('toto'), undefined);
  assert.notEqual(again.endedAs, null);
});

test('DOC-34 DOC-130 who is kicked gets last words without id, and nobody is told of events', async () => {
  const scene = await DocumentsScene.open();
  const [toto, bob] = [await scene.member('toto'), await scene.member('bob')];
  const room = await toto.add(toto.rooms, { key: { type: 'room' }, members: [{ key: bob.user }] });
  await toto.add(room, { key: { type: 'msg' }, text: 'hi!' });
  assert.deepEqual(await bob.send(), []);
  scene.app.world.moderation.kick('bob', 'enough', () => {});
  assert.deepEqual(await bob.send(), [{ type: 'error', status: 403, data: { code: 4030000, msg: 'banned: enough' } }]);
  assert.equal(bob.endedAs, 'removed');
});
