import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setImmediate } from 'node:timers/promises';
import { fixture, online, session, welcome } from '../../../testing/clients/documents.ts';
import { isError } from '../../../testing/clients/fixture.ts';
import type { Json } from '../../../testing/documents.ts';
import { connect } from './client.ts';

type Online = Awaited<ReturnType<typeof online>>;

/** The client is given this token by the server. */
async function given({ client }: Online, socket: Online['socket'], token: string): Promise<void> {
  const promise = client.token();
  socket.answer(socket.last('token'), 200, { token });
  assert.equal(await promise, token);
}

/** The data of the login on the next connection, whose session is gone. */
function loginAnew({ clock, latest }: Online, ms = 125): Json {
  clock.advance(ms);
  latest().open();
  latest().refuse(latest().last('reconnect'), 401, 20);
  return latest().last('login').data as Json;
}

test('DOC-180 DOC-207 with a token in place of the password it logs in by it; both together are a TypeError', async () => {
  const { platform, latest } = fixture();
  const promise = connect('ws://server/', { name: 'alice', token: 't1', platform });
  await setImmediate();
  latest().open();
  assert.deepEqual(latest().last('login').data, { username: 'alice', token: 't1' });
  welcome(latest());
  assert.deepEqual((await promise).session, session);
  await assert.rejects(connect('ws://server/', { name: 'alice', password: 'x', token: 't1', platform }), TypeError);
});

test('DOC-182 DOC-207 after a lost session it logs in by its token, and a refused token is final', async () => {
  const all = await online({ token: 't1' });
  all.socket.drop();
  assert.deepEqual(loginAnew(all), { username: 'alice', token: 't1' });
  all.latest().refuse(all.latest().last('login'), 401, 30);
  assert.deepEqual([all.client.connection.value?.type, all.clock.timers], ['refused', 0]);
});

test('DOC-207 a client that asked for a token logs in by it from then on, and after a new password by that', async () => {
  const all = await online({ password: 'old' });
  await given(all, all.socket, 't1');
  all.socket.drop();
  assert.deepEqual(loginAnew(all), { username: 'alice', token: 't1' });
  const second = all.latest();
  second.answer(second.last('login'), 200, { ...session, session: 'secret-2' });
  const changed = all.client.setPassword('old', 'new');
  second.answer(second.last('password'));
  await changed;
  second.drop();
  assert.deepEqual(loginAnew(all, 250), { username: 'alice', password: 'new' });
  const third = all.latest();
  third.answer(third.last('login'), 200, { ...session, session: 'secret-3' });
  await given(all, third, 't2');
  third.drop();
  assert.deepEqual(loginAnew(all, 500), { username: 'alice', token: 't2' });
});

test('DOC-207 a request for a token that is refused or lost changes nothing', async () => {
  const all = await online({ password: 'old' });
  const refused = all.client.token();
  all.socket.refuse(all.socket.last('token'), 403, 40);
  await assert.rejects(refused, isError('refused'));
  const unfit = all.client.token();
  all.socket.answer({ ...all.socket.last('token'), cls: 'ban' });
  await assert.rejects(unfit, isError('unreadable'));
  const lost = all.client.token();
  all.socket.drop();
  await assert.rejects(lost, isError('unknown-outcome'));
  await assert.rejects(all.client.token(), isError('offline'));
  assert.deepEqual(loginAnew(all), { username: 'alice', password: 'old' });
});

test('DOC-208 DOC-202 close ends the token if it is told so, and only then', async () => {
  for (const [options, data] of [
    [{ endToken: true }, { token: 't1' }],
    [{ endToken: false }, undefined],
    [{}, undefined],
  ] as const) {
    const { client, socket } = await online({ token: 't1' });
    const closed = client.close(options);
    assert.deepEqual(socket.last('logout').data, data);
    socket.answer(socket.last('logout'));
    await closed;
  }
  const guest = await online();
  void guest.client.close({ endToken: true });
  assert.deepEqual(guest.socket.last('logout').data, undefined);
  const kept = await online({ token: 't1' });
  await kept.client.close({ keepSession: true, endToken: true });
  assert.deepEqual(kept.socket.sent, []);
});
