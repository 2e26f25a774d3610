import assert from 'node:assert/strict';
import { test } from 'node:test';
import { connect, register } from '../../src/protocols/documents/client.ts';
import { protocols } from '../../src/protocols/index.ts';
import { systemClock } from '../../src/server/clock.ts';
import { until } from '../../testing/clients/documents.ts';
import { openTestApp } from '../../testing/app.ts';
import { openChaosProxy } from '../../testing/chaos/proxy.ts';
import { playWeather, randomWeather } from '../../testing/chaos/weather.ts';
import { seededRandom } from '../../testing/random.ts';
import { openTestPort, PROMPT } from '../../testing/transports/port.ts';

const SCALE = 0.05;
const SPELLS = 13;
const MESSAGES = 60;

for (const seed of [1, 2])
  test(`DOC-181 DOC-182 DOC-184 DOC-192 DOC-195 DOC-204 DOC-224 over real sockets on a bad network each message is posted once, and pages are fresh, seed ${seed}`, async (t) => {
    const app = await openTestApp({ clock: systemClock });
    t.after(() => app.stop());
    const { port } = await openTestPort(t, { clock: systemClock, limits: PROMPT, protocols, accept: app.accept });
    const random = seededRandom(seed);
    const proxy = await openChaosProxy({ port, random, clock: systemClock });
    t.after(() => proxy.close());
    const url = `ws://127.0.0.1:${proxy.port}/documents`;
    const open = async (name: string) => {
      await register(url, { name, password: 'secret' });
      return connect(url, { name, password: 'secret' });
    };
    const [alice, bob] = [await open('alice'), await open('bob')];
    t.after(() => Promise.all([alice.close(), bob.close()]));
    const den = await alice.add(alice.keys.rooms, {
      key: { type: 'room' },
      name: 'Den',
      members: [{ key: bob.keys.self }],
    });
    const pages = [alice, bob].map((client) => client.watchPage(den, { view: 'asc', size: 200 }));
    const weather = playWeather(proxy, randomWeather(random, SPELLS, SCALE), systemClock);
    const sent = Array.from({ length: MESSAGES }, (_, index) => (index % 2 === 0 ? alice : bob).send(den, `${index}`));
    await weather;
    for (const client of [alice, bob]) client.check();
    const keys = await Promise.all(sent);
    for (const live of pages) {
      const { entries } = await until(live, ({ total }) => total === MESSAGES);
      const texts = new Map(entries.map((message) => [message.key.id[1], 'text' in message && message.text]));
      assert.deepEqual(
        keys.map(({ id }) => texts.get(id[1])),
        keys.map((_, index) => `${index}`),
      );
    }
    assert.ok(proxy.counts.accepted > 3, 'connections were lost');
    t.diagnostic(`${proxy.counts.accepted} connections`);
  });
