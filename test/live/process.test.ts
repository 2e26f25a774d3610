import assert from 'node:assert/strict';
import { test } from 'node:test';
import { connect, register } from '../../src/protocols/documents/client.ts';
import { until } from '../../testing/clients/documents.ts';
import { startServerProcess } from '../../testing/server.ts';
import { temporaryDirectory } from '../../testing/temporary.ts';

for (const signal of ['SIGTERM', 'SIGKILL'] as const) {
  test(`DOC-182 DOC-187 DOC-192 DOC-221 DOC-224 after a ${signal} and a restart everything goes on: sessions, what is watched, what waits`, async (t) => {
    const dataDir = temporaryDirectory(t);
    const first = await startServerProcess(t, { dataDir });
    const url = `${first.url}documents`;
    const open = async (name: string) => {
      await register(url, { name, password: 'secret' });
      return connect(url, { name, password: 'secret' });
    };
    const [alice, bob] = [await open('alice'), await open('bob')];
    t.after(() => Promise.all([alice.close(), bob.close()]));
    const members = [{ key: bob.keys.self }];
    const den = await alice.add(alice.keys.rooms, { key: { type: 'room' }, name: 'Den', members });
    const page = bob.watchPage(den, { view: 'asc' });
    const sent = Array.from({ length: 20 }, (_, index) => alice.send(den, `before ${index}`));
    await sent[9];
    first.kill(signal);
    await first.exited;
    await until(bob.connection, ({ type }) => type === 'offline');
    sent.push(...Array.from({ length: 20 }, (_, index) => alice.send(den, `after ${index}`)));

    await startServerProcess(t, { dataDir, args: ['--port', `${first.port}`] });
    const keys = await Promise.all(sent);
    assert.deepEqual(
      keys.map(({ id }) => id[1]),
      Array.from({ length: 40 }, (_, index) => index + 1),
    );
    const { entries } = await until(page, ({ total }) => total === 40);
    const texts = entries.map((entry) => ('text' in entry ? entry.text : ''));
    const expected = ['before', 'after'].flatMap((when) =>
      Array.from({ length: 20 }, (_, index) => `${when} ${index}`),
    );
    assert.deepEqual(texts, expected);
    for (const { connection } of [alice, bob]) assert.deepEqual(connection.value, { type: 'connected', resumed: true });
  });
}
