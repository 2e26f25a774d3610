import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FakeClock } from '../../../testing/clock.ts';
import { type DocumentsClient, DocumentsScene, PASSWORD } from '../../../testing/documents.ts';
import { digestOf } from '../../connections/session/session-registry.ts';
import { tokenDigest } from '../../core/model/token.ts';
import { generousRates } from '../../../testing/hub.ts';
import { GatedStorage } from '../../../testing/storage/gated.ts';

const DAY = 24 * 60 * 60_000;
const WRONG = '00000000-0000-4000-8000-000000000000';

async function open() {
  const clock = new FakeClock();
  const storage = new GatedStorage(clock);
  const scene = await DocumentsScene.open({ clock, storage });
  const toto = await scene.member('toto');
  return { clock, storage, scene, toto };
}

async function tokenOf(client: DocumentsClient): Promise<string> {
  const answer = await client.ask('token');
  assert.deepEqual([answer.status, Object.keys(answer.data ?? {})], [200, ['token']]);
  return String(answer.data?.token);
}

/** The answer to a login by this token on a connection of its own. */
const codeOf = (scene: DocumentsScene, token: string, username = 'toto') =>
  scene.client().status('login', { username, token });

async function byToken(scene: DocumentsScene, token: string): Promise<DocumentsClient> {
  const client = scene.client();
  await client.login({ username: 'toto', token });
  return client;
}

const reconnectOf = (scene: DocumentsScene, { session }: DocumentsClient) =>
  scene.client().status('reconnect', { session: session.session });

test('DOC-170 DOC-171 T20 each token is new and logs its account in, and a session that began with it is like any other', async () => {
  const { scene, toto } = await open();
  const tokens = [await tokenOf(toto), await tokenOf(toto)];
  assert.equal(new Set(tokens).size, 2);
  for (const token of tokens) {
    assert.match(token, /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    const client = await byToken(scene, token.toUpperCase());
    assert.equal(client.id, toto.id);
    assert.deepEqual(Object.keys(client.session), Object.keys(toto.session));
    assert.equal(await client.status('login', { username: 'toto', token }), 4010110);
    await client.drop();
    const again = scene.client();
    await again.resume(client);
    assert.equal((await again.content(again.user)).username, 'toto');
    assert.equal(await codeOf(scene, await tokenOf(again)), 200);
  }
});

test('DOC-170 guests get no token, and become able to when they register', async () => {
  const { scene } = await open();
  const gus = await scene.guest('gus');
  assert.equal(await gus.status('token'), 4031840);
  assert.equal(await gus.status('register', { username: 'gus', password: PASSWORD }), 201);
  assert.equal(await codeOf(scene, await tokenOf(gus), 'gus'), 200);
});

test('DOC-171 T17 T22 T25 a token that is wrong, has ended or is of another account is refused in the words of a wrong password', async () => {
  const { scene, toto } = await open();
  const bob = await scene.member('bob');
  const [ended, others] = [await tokenOf(toto), await tokenOf(bob)];
  const out = await byToken(scene, ended);
  assert.equal(await out.status('logout', { token: ended }), 200);
  for (const login of [
    { username: 'toto', password: 'wrong' },
    { username: 'toto', token: WRONG },
    { username: 'toto', token: '' },
    { username: 'toto', token: ended },
    { username: 'toto', token: others },
    { username: 'nobody', token: others },
    { username: '', token: others },
  ]) {
    const { id: _, ...answer } = await scene.client().ask('login', login);
    assert.deepEqual(
      answer,
      { type: 'error', cls: 'login', status: 401, data: { code: 4010130, msg: 'Invalid Credential' } },
      JSON.stringify(login),
    );
  }
  const both = await scene.client().ask('login', { username: 'toto', password: PASSWORD, token: others });
  assert.deepEqual(both.data, { code: 4000100, msg: 'password and token exclude each other' });
});

test('DOC-170 WORLD-91 a token lasts 14 days from its last use', async () => {
  const { clock, scene, toto } = await open();
  const [used, unused] = [await tokenOf(toto), await tokenOf(toto)];
  clock.jump(13 * DAY);
  assert.equal(await codeOf(scene, used), 200);
  clock.jump(13 * DAY);
  assert.deepEqual([await codeOf(scene, used), await codeOf(scene, unused)], [200, 4010130]);
});

test('DOC-172 T22 logging out with a token is answered when storage knows neither the token nor the session', async () => {
  const { storage, scene, toto } = await open();
  const token = await tokenOf(toto);
  const client = await byToken(scene, token);
  storage.gated = true;
  const logout = { type: 'request', id: 'out', cls: 'logout', data: { token } };
  let answers = await client.send(logout);
  for (let commit = 0; answers.length === 0; commit++) {
    assert.ok(commit < 10);
    storage.release();
    answers = await client.send();
  }
  assert.equal(answers[0]?.status, 200);
  storage.failing = true;
  storage.gated = false;
  storage.release();
  assert.deepEqual([await codeOf(scene, token), await reconnectOf(scene, client)], [4010130, 4010220]);
});

test('DOC-172 T22 a logout whose token cannot be ended on disk is refused, and session and token stay good', async () => {
  const { storage, scene, toto } = await open();
  const token = await tokenOf(toto);
  const client = await byToken(scene, token);
  storage.failing = true;
  assert.equal(await client.status('logout', { token }), 5000399);
  storage.failing = false;
  assert.equal((await client.content(client.user)).username, 'toto');
  assert.equal(await codeOf(scene, token), 200);
  assert.equal(await client.status('logout', { token }), 200);
  assert.equal(await codeOf(scene, token), 4010130);
});

test('DOC-172 DOC-15 T23 without a token of its person a logout ends no token, and always ends the session', async () => {
  const { scene, toto } = await open();
  const bob = await scene.member('bob');
  const token = await tokenOf(toto);
  for (const data of [undefined, {}, { token: null }, { token: 5 }, { token: WRONG }, { token: await tokenOf(bob) }]) {
    const client = await byToken(scene, token);
    assert.equal(await client.status('logout', data), 200, JSON.stringify(data));
    assert.equal(await client.status('get_content', { key: toto.user }), 4010410);
  }
  assert.equal(await codeOf(scene, token), 200);
  assert.equal(bob.endedAs, null);
  assert.equal(await bob.status('logout', { token }), 200);
  assert.equal(await codeOf(scene, token), 200);
});

test('DOC-173 CONN-155 T22 ending a token ends the sessions that rest on it, those that wait too, and no others', async () => {
  const { scene, toto } = await open();
  const other = scene.client();
  await other.login({ username: 'toto', password: PASSWORD });
  const [earlier, token] = [await tokenOf(toto), await tokenOf(toto)];
  const [phone, tablet, kept] = [
    await byToken(scene, token),
    await byToken(scene, token),
    await byToken(scene, earlier),
  ];
  await tablet.drop();
  assert.equal(await phone.status('logout', { token }), 200);
  await scene.app.settle();
  assert.deepEqual([toto.endedAs, phone.endedAs, other.endedAs, kept.endedAs], ['removed', null, null, null]);
  for (const ended of [toto, tablet]) assert.equal(await reconnectOf(scene, ended), 4010220);
  assert.equal(await codeOf(scene, earlier), 200);
});

test('DOC-173 CONN-155 WORLD-206 T22 after a restart, too, ending a token ends the sessions that rest on it', async () => {
  const { clock, storage, scene, toto } = await open();
  const token = await tokenOf(toto);
  const [phone, tablet] = [await byToken(scene, token), await byToken(scene, token)];
  for (const client of [toto, phone, tablet]) await client.drop();
  scene.app.world.close();
  const later = await DocumentsScene.open({ clock, storage });
  const again = later.client();
  await again.resume(phone);
  const last = await byToken(later, token);
  assert.equal(await last.status('logout', { token }), 200);
  await later.app.settle();
  assert.equal(again.endedAs, 'removed', 'it was resumed');
  for (const ended of [toto, phone, tablet]) assert.equal(await reconnectOf(later, ended), 4010220);
});

test('DOC-170 CONN-155 a token is given when storage knows that the session rests on it', async () => {
  const { storage, toto } = await open();
  const stored = () => storage.session(digestOf(String(toto.session.session)));
  storage.gated = true;
  let answers = await toto.send({ type: 'request', id: '1', cls: 'token' });
  for (let commit = 0; answers.length === 0; commit++) {
    assert.ok(commit < 10);
    assert.equal((await stored())?.token, undefined);
    storage.release();
    answers = await toto.send();
  }
  const token = String(answers[0]?.data?.token);
  assert.equal((await stored())?.token, tokenDigest(token));
});

test('DOC-174 WORLD-93 T21 a new password ends all tokens and their sessions; the session that changed it can get another', async () => {
  const { scene, toto } = await open();
  const token = await tokenOf(toto);
  const [client, phone] = [await byToken(scene, token), await byToken(scene, token)];
  assert.equal(await client.status('password', { old: PASSWORD, new: 'another one' }), 200);
  assert.deepEqual([toto.endedAs, phone.endedAs, client.endedAs], ['removed', 'removed', null]);
  assert.equal(await codeOf(scene, token), 4010130);
  for (const ended of [toto, phone]) assert.equal(await reconnectOf(scene, ended), 4010220);
  const fresh = await tokenOf(client);
  const last = await byToken(scene, fresh);
  assert.equal(await last.status('logout', { token: fresh }), 200);
  await scene.app.settle();
  assert.equal(client.endedAs, 'removed', 'it rests on the token that it was given last');
});

test('CONN-156 T32 tokens count against the budget of changes of the account', async () => {
  const rates = { ...generousRates, renames: { perSecond: 0.5, burst: 2 } };
  const scene = await DocumentsScene.open({ hub: { rates } });
  const toto = await scene.member('toto');
  const codes = [await toto.status('token'), await toto.status('token'), await toto.status('token')];
  assert.deepEqual(codes, [200, 200, 5031850]);
});
