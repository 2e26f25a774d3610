import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FakeClock } from '../../../testing/clock.ts';
import { type DocumentsClient, DocumentsScene, PASSWORD } from '../../../testing/documents.ts';
import { GatedStorage } from '../../../testing/storage/gated.ts';
import { digestOf } from '../../connections/session/session-registry.ts';

/** A member, and storage that holds back what is written. */
async function open() {
  const clock = new FakeClock();
  const storage = new GatedStorage(clock);
  const scene = await DocumentsScene.open({ clock, storage });
  const bob = await scene.member('bob');
  const release = () => {
    storage.gated = false;
    storage.release();
  };
  return { clock, storage, scene, bob, release };
}

const request = (id: string, cls: string, data?: object) => ({ type: 'request', id, cls, ...(data && { data }) });
const reconnect = ({ session }: DocumentsClient) => request('again', 'reconnect', { session: session.session });
const LOGOUT = request('out', 'logout');
const storedOf = (storage: GatedStorage, { session }: DocumentsClient) =>
  storage.session(digestOf(String(session.session)));
const statusOf = async (scene: DocumentsScene, lost: DocumentsClient) =>
  scene.client().status('reconnect', { session: lost.session.session });

test('CONN-66 DOC-83 T22 logging out is answered when storage has forgotten the session', async () => {
  const { storage, scene, bob } = await open();
  storage.gated = true;
  for (let turn = 0; turn < 10; turn++) assert.deepEqual(await bob.send(...(turn === 0 ? [LOGOUT] : [])), []);
  assert.notEqual(await storedOf(storage, bob), null);
  storage.release();
  const [answer] = await bob.send();
  assert.deepEqual([answer?.status, await storedOf(storage, bob)], [200, null]);
  assert.equal(await statusOf(scene, bob), 4010220);
});

test('CONN-66 DOC-83 if the end of the session cannot be stored, logging out is refused and the session goes on', async () => {
  const { clock, storage, scene, bob } = await open();
  await bob.ask('get_content', { key: bob.user, subscribe: true });
  storage.failing = true;
  assert.equal(await bob.status('logout'), 5000399);
  storage.failing = false;
  assert.notEqual(await scene.app.hub.sessions.owner(String(bob.session.session)), null);
  await bob.patch(bob.user, { status: 'still here' });
  clock.advance(100);
  assert.equal((await bob.send()).length, 1);
  await bob.drop();
  const again = scene.client();
  await again.resume(bob);
  assert.equal(await again.status('logout'), 200);
  assert.equal(await statusOf(scene, bob), 4010220);
});

test('CONN-66 CONN-135 T22 who comes back while the end of the session is stored waits for it', async () => {
  for (const isStored of [true, false])
    for (const isLost of [true, false]) {
      const { storage, scene, bob, release } = await open();
      storage.gated = true;
      await bob.send(LOGOUT);
      if (isLost) await bob.drop();
      const other = scene.client();
      assert.deepEqual(await other.send(reconnect(bob)), []);
      storage.failing = !isStored;
      release();
      const [answer] = await other.send();
      storage.failing = false;
      assert.equal(answer?.status, isStored ? 401 : 200, `${isStored} ${isLost}`);
      assert.equal(scene.app.world.people.visible.length, isStored ? 0 : 1);
      assert.equal(await other.status('get_content', { key: bob.user }), isStored ? 4010410 : 200);
    }
});

test('CONN-66 CONN-132 a session that is ending is not written again by its connection’s end or by time', async () => {
  const { clock, storage, scene, bob, release } = await open();
  storage.gated = true;
  await bob.send(LOGOUT);
  clock.advance(15 * 60_000);
  await bob.drop();
  release();
  await scene.app.settle();
  assert.equal(await storedOf(storage, bob), null);
});

test('CONN-135 T21 who comes back while the password is changed waits for it, and goes on', async () => {
  const { storage, scene, bob, release } = await open();
  storage.gated = true;
  await bob.send(request('new', 'password', { old: PASSWORD, new: 'another one' }));
  await bob.drop();
  const other = scene.client();
  assert.deepEqual(await other.send(reconnect(bob)), []);
  storage.release();
  assert.deepEqual(await other.send(), [], 'the password is stored, and the session is not yet stored again');
  release();
  assert.deepEqual(
    (await other.send()).map(({ status }) => status),
    [200],
  );
  assert.equal(await other.status('get_content', { key: bob.user }), 200);
});

test('DOC-100 DOC-101 CONN-139 whoever subscribes to a document is answered when that is stored, by whatever it was asked for', async () => {
  const { storage, bob } = await open();
  storage.gated = true;
  const asked = { key: bob.user, subscribe: true };
  await bob.send({ type: 'notify', cls: 'subscribe', data: [bob.fav] });
  const requests = [
    request('1', 'get_children', { key: bob.fav, subscribe: true }),
    request('2', 'get_content', asked),
  ];
  assert.deepEqual(await bob.send(...requests, request('3', 'get_content', asked)), []);
  const ids: unknown[] = [];
  for (let commit = 0; ids.length < 3; commit++) {
    assert.ok(commit < 10);
    storage.release();
    const answers = await bob.send();
    const documents = (await storedOf(storage, bob))?.documents ?? [];
    if (answers.length > 0) assert.ok(documents.length >= Math.min(2, answers.length), `${documents}`);
    ids.push(...answers.map(({ id, status }) => `${id} ${status}`));
  }
  assert.deepEqual(ids, ['1 200', '2 200', '3 200']);
});

test('DOC-220 DOC-221 CONN-139 a subscription that was lost while it was stored is none, on disk either', async () => {
  const { clock, storage, scene, bob, release } = await open();
  const told = async (again: DocumentsClient) => {
    await again.resume(bob);
    await again.patch(bob.user, { status: `${clock.now()}` });
    clock.advance(200);
    return (await again.send()).length;
  };
  storage.gated = true;
  await bob.send(request('1', 'get_content', { key: bob.user, subscribe: true }));
  await bob.drop();
  release();
  const again = scene.client();
  assert.equal(await told(again), 0);
  await again.drop();
  assert.equal(await told((await DocumentsScene.open({ clock, storage })).client()), 0);
});

test('DOC-87 DOC-221 CONN-139 when a guest has become an account, the subscriptions of its session are on disk', async () => {
  const { storage, scene } = await open();
  const gus = await scene.guest('gus');
  await gus.ask('get_content', { key: gus.user, subscribe: true });
  storage.gated = true;
  let answers = await gus.send(request('1', 'register', { username: 'gus', password: PASSWORD }));
  for (let commit = 0; answers.length === 0; commit++) {
    assert.ok(commit < 10);
    storage.release();
    answers = await gus.send();
  }
  assert.equal(answers[0]?.status, 201);
  assert.deepEqual((await storedOf(storage, gus))?.documents, [JSON.stringify(gus.user)]);
});
