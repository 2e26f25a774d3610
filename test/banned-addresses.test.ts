import assert from 'node:assert/strict';
import { test } from 'node:test';
import { encode } from '@msgpack/msgpack';
import type { Result } from '../src/lib/result.ts';
import { openTestApp } from '../testing/app.ts';
import { FakeClock } from '../testing/clock.ts';
import { untilSettled } from '../testing/world.ts';

const text = (value: string) => new TextEncoder().encode(value);
const json = (value: object) => text(JSON.stringify(value));

/** A login in each protocol, and the refusal in its words. */
const protocols = {
  c2: { login: text('c2/CONNECT alice\n'), refusal: /^c2\/ERROR banned: flooding\n$/ },
  codechat: {
    login: json({ cmd: 'connect', username: 'alice' }),
    refusal: /^\{"success":false,"error-msg":"banned: flooding","success-msg":""\}\n$/,
  },
  tagged: {
    login: json({ message: 'login', username: 'alice', tag: '1' }),
    refusal: /^\{"reply":"login","result":403,"result_message":"banned: flooding","tag":"1"\}\n$/,
  },
  msgpack: {
    login: Buffer.concat(['login', 'alice', 'secret'].map((value) => encode(value))),
    refusal: /^.response\u00c2.banned: flooding$/,
  },
};

test('CONN-102 SERVER-157 in every protocol a login from a banned address is refused in its words, and the link ends', async () => {
  const clock = new FakeClock();
  const app = await openTestApp({ clock });
  const banned = new Promise<Result<unknown, unknown>>((done) =>
    app.world.moderation.banAddress({ type: 'operator' }, '203.0.113.0/24', 'flooding', null, done),
  );
  assert.ok((await untilSettled(clock, banned)).ok);
  for (const [name, { login, refusal }] of Object.entries(protocols)) {
    const { link, peer } = app.connect(name, { address: '203.0.113.7' });
    peer.send(login);
    await app.settle();
    assert.match(Buffer.from(peer.take()).toString('latin1'), refusal, name);
    assert.deepEqual(link.ended, { kind: 'removed', reason: 'banned: flooding' }, name);
  }
  assert.deepEqual([...app.world.people.visible], []);
});
