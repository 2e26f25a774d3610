import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { type TestContext, test } from 'node:test';
import type { Storage } from '../../src/core/ports.ts';
import { personStream, roomStream } from '../../src/core/model/ids.ts';
import type { Deletion } from '../../src/core/services/deletions.ts';
import type { HistoryPage } from '../../src/core/services/history.ts';
import { MemoryStorage } from '../../src/storage/memory/storage.ts';
import { FakeClock } from '../../testing/clock.ts';
import { countingIds } from '../../testing/ids.ts';
import { searchFor } from '../../testing/storage/samples.ts';
import { CREATION, inProcess } from '../../testing/storage/sqlite.ts';
import { defaultPassword, openTwoWorlds, settle, TestWorld } from '../../testing/world.ts';
import { FailingStorage } from '../faults/failing-storage.ts';
import { InProcessStorage } from '../faults/in-process-storage.ts';

const operator = { type: 'operator' } as const;
const notFound = { ok: false, error: { type: 'not-found' } };
const wrong = { ok: false, error: { type: 'wrong-credentials' } };

/** Much can be asked while it writes. */
class SlowStorage extends MemoryStorage {
  override async append(...[batch]: Parameters<MemoryStorage['append']>) {
    for (let turn = 0; turn < 3; turn++) await new Promise(setImmediate);
    return super.append(batch);
  }
}

function remove(app: TestWorld, name: string, messages = false) {
  return app.ask<Deletion>((world, done) => void world.deletions.delete(name, messages, done));
}

/** Ada and bob, who know each other and share groups; both are here. */
async function withTwo(storage: Storage, clock: FakeClock) {
  const app = await TestWorld.open({ storage, clock });
  const [ada, bob] = [await app.member('ada'), await app.member('bob')];
  const garden = await app.group(ada, 'garden');
  await app.must((world, done) => world.rooms.join(bob, garden, done));
  for (const [person, text] of [
    [ada, 'secret of ada'],
    [bob, 'words of bob'],
  ] as const) {
    await app.post(person, `${text} in the lobby`);
    await app.post(person, `${text} in the garden`, garden);
  }
  const direct = await app.direct(ada, 'bob', 'secret of ada for bob');
  assert.ok(direct.ok);
  await app.direct(bob, 'ada', 'words of bob for ada');
  for (const kind of ['contact', 'block'] as const) {
    await app.must((world, done) => world.relationships.set(kind, ada, 'bob', true, done));
    await app.must((world, done) => world.relationships.set(kind, bob, 'ada', true, done));
    await app.must((world, done) => world.relationships.set(kind, ada, 'bob', kind === 'contact', done));
  }
  const token = await app.must<string>((world, done) =>
    world.tokens.issue(ada, world.accounts.passwordPosition(ada) ?? 0, done),
  );
  return { app, clock, storage, ada, bob, garden, direct: direct.value.message.room, token };
}

const stores = {
  memory: () => {
    const clock = new FakeClock();
    return { clock, storage: new MemoryStorage(clock), file: null, reader: null, searcher: null };
  },
  sqlite: (context: TestContext) => {
    const parts = inProcess(context);
    const { writer, reader, file, searcher } = parts;
    writer.open(CREATION);
    return { clock: new FakeClock(), storage: new InProcessStorage(parts), file, reader, searcher };
  },
};

for (const [kind, open] of Object.entries(stores)) {
  test(`WORLD-120 WORLD-121 WORLD-122 ${kind}: a deleted account is gone, its name is taken, and what it said is under name~`, async (context) => {
    const { storage, clock } = open(context);
    const { app, ada, bob, garden, direct, token } = await withTwo(storage, clock);
    const { world, observer } = app;
    observer.events.length = 0;
    assert.deepEqual(await remove(app, 'Ada'), { ok: true, value: { name: 'ada', messages: 0 } });
    await app.settle();

    assert.deepEqual(
      observer.removals.map(({ person, departure }) => [person, departure.type]),
      [[ada, 'left']],
    );
    assert.deepEqual(
      observer.ofType('person-left').map(({ person, departure }) => [person.name, departure.type]),
      [['ada', 'left']],
    );
    assert.deepEqual(new Set(observer.ofType('member-left').map(({ room }) => room)), new Set([garden, world.lobby]));
    assert.deepEqual(world.rooms.members(garden).get(bob), {
      room: garden,
      person: bob,
      name: 'bob',
      role: 'owner',
      other: null,
      since: 0,
    });

    assert.deepEqual(await app.ask((_, done) => world.login('ada', defaultPassword, done)), wrong);
    assert.deepEqual(await app.ask((_, done) => world.login('nobody', defaultPassword, done)), wrong);
    assert.deepEqual(await app.ask((_, done) => world.resume('ada', token, done)), wrong);
    assert.equal(await world.tokens.owner(token), null);
    for (const name of ['ada', 'ADA']) {
      const taken = { ok: false, error: { type: 'name-taken' } };
      assert.deepEqual(await app.ask((_, done) => world.enter(name, done)), taken);
      const registration = { name, displayName: null, password: defaultPassword, role: 'user' } as const;
      assert.deepEqual(await app.ask((_, done) => void world.accounts.register(operator, registration, done)), taken);
      assert.deepEqual(await app.ask((_, done) => world.rooms.create(bob, name, null, false, done)), taken);
      assert.deepEqual(await app.direct(bob, name, 'are you there'), notFound);
      assert.deepEqual(await app.ask((_, done) => world.relationships.set('contact', bob, name, true, done)), notFound);
    }
    const displayed = await app.ask((_, done) => world.accounts.setProfile(bob, { displayName: 'Ada' }, done));
    assert.deepEqual(displayed, { ok: false, error: { type: 'display-name-taken' } });
    assert.deepEqual([world.people.find('ada'), world.people.account(ada)], [undefined, undefined]);
    assert.deepEqual(
      [...world.people.accounts].map(({ name }) => name),
      ['bob'],
    );
    assert.deepEqual([[...world.people.contactsOf(bob)], [...world.people.blocksOf(bob)]], [[], []]);

    const { contacts, blocks, tokens, read, passwordPosition, memberships } = await storage.load(personStream(ada));
    assert.deepEqual(
      { contacts, blocks, tokens, read, passwordPosition },
      { contacts: [], blocks: [], tokens: [], read: [], passwordPosition: null },
    );
    assert.deepEqual(
      memberships.map(({ room }) => room),
      [direct],
    );
    assert.deepEqual([await storage.credential(ada), await storage.relatedTo(ada)], [null, []]);

    for (const room of [world.lobby, garden]) {
      const { messages } = await world.history.page(room, null, 10);
      assert.deepEqual(
        messages.map(({ author }) => author.name),
        ['ada~', 'bob'],
      );
    }
    const page = await app.must<HistoryPage>((_, done) => world.history.of(bob, 'user', 'ada~', null, 10, done));
    assert.deepEqual(
      page.messages.map(({ author, text }) => [author.name, text]),
      [
        ['ada~', 'secret of ada for bob'],
        ['bob', 'words of bob for ada'],
      ],
    );

    const again = await TestWorld.open({ storage, clock, ids: countingIds(2) });
    assert.deepEqual(await again.ask((next, done) => next.enter('ada', done)), {
      ok: false,
      error: { type: 'name-taken' },
    });
    assert.deepEqual(await again.ask((next, done) => next.login('ada', defaultPassword, done)), wrong);
    await again.login('bob');
    const { messages } = await again.world.history.page(again.world.lobby, null, 10);
    assert.deepEqual(
      messages.map(({ author }) => author.name),
      ['ada~', 'bob'],
    );
    assert.deepEqual(await remove(again, 'nobody'), notFound);
  });

  test(`WORLD-123 WORLD-124 STORE-133 ${kind}: the messages of a person go with the account, or later, and nobody else's`, async (context) => {
    const { storage, clock, file, reader, searcher } = open(context);
    const { app, ada, bob, garden, direct } = await withTwo(storage, clock);
    const { world } = app;
    const rooms = [world.lobby, garden, direct];
    const found = async (text: string) =>
      (await storage.search(searchFor(text, { rooms, reader: bob })))?.messages.length;
    const first = await app.post(ada, 'secret of ada, soon other');
    const id = first.ok ? first.value.id : '';
    await app.must((_, done) => world.messages.edit(ada, id, 'secret of ada, edited', done));
    assert.ok((await remove(app, 'ada')).ok);
    const said = async () =>
      (await Promise.all([world.lobby, garden, direct].map((room) => world.history.page(room, null, 20)))).flatMap(
        ({ messages }) => messages.map(({ number, text, deletedAt }) => [number, text, deletedAt !== null]),
      );
    assert.equal((await said()).filter(([, text]) => String(text).startsWith('secret')).length, 4);
    assert.deepEqual([await found('secret'), await found('words')], [4, 3]);
    assert.deepEqual(await remove(app, 'ada', true), { ok: true, value: { name: 'ada', messages: 4 } });
    assert.deepEqual([await found('secret'), await found('words')], [0, 3]);
    assert.deepEqual(await said(), [
      [1, '', true],
      [2, 'words of bob in the lobby', false],
      [3, '', true],
      [1, '', true],
      [2, 'words of bob in the garden', false],
      [1, '', true],
      [2, 'words of bob for ada', false],
    ]);
    for (const stream of [roomStream(world.lobby), roomStream(garden), roomStream(direct)])
      assert.ok(!JSON.stringify(await storage.entries(stream, 0, 100)).includes('secret of ada'));
    assert.equal(app.observer.ofType('message-deleted').length, 4);
    assert.deepEqual(await remove(app, 'ada', true), { ok: true, value: { name: 'ada', messages: 4 } }, 'again');
    assert.equal(app.observer.ofType('message-deleted').length, 4);
    await app.post(bob, 'still here');
    while (searcher?.step()); // What is deleted also leaves the index.
    reader?.close();
    await storage.close();
    if (file === null) return;
    assert.ok(!existsSync(`${file}-wal`));
    const bytes = readFileSync(file, 'latin1');
    assert.deepEqual([bytes.includes('secret of ada'), bytes.includes('words of bob')], [false, true]);
    const index = readFileSync(join(dirname(file), 'search.db'), 'latin1');
    assert.deepEqual([index.includes('secret'), index.includes('words')], [false, true]);
  });
}

test('WORLD-121 two nodes: the person leaves both, once, and a login on the other node is refused', async () => {
  const { clock, first, second } = await openTwoWorlds();
  const ada = await first.member('ada');
  await settle(clock);
  await second.login('ada');
  const bob = await second.member('bob');
  await settle(clock);
  const groups = await second.group(ada, 'garden');
  second.observer.events.length = 0;
  first.observer.events.length = 0;
  assert.ok((await remove(first, 'ada')).ok);
  for (const app of [first, second]) {
    clock.advance(3_000);
    await settle(clock);
    assert.deepEqual(
      app.observer.removals.map(({ person, departure }) => [person, departure.type]),
      [[ada, 'left']],
    );
    assert.deepEqual(
      app.observer.ofType('person-left').map(({ person }) => person.name),
      ['ada'],
    );
    assert.deepEqual(await app.ask((world, done) => world.login('ada', defaultPassword, done)), wrong);
    assert.equal(app.world.people.account(ada), undefined);
  }
  assert.deepEqual([...second.world.rooms.members(groups).keys()], []);
  assert.deepEqual(await second.direct(bob, 'ada', 'hello'), notFound);
});

test('WORLD-120 a login that is under way when the account is deleted is refused like an unknown name', async () => {
  const clock = new FakeClock();
  const app = await TestWorld.open({ clock });
  await app.register('ada');
  const results = await Promise.all([
    app.ask((world, done) => world.login('ada', defaultPassword, done)),
    remove(app, 'ada'),
    app.ask((world, done) => world.login('ada', defaultPassword, done)),
  ]);
  await app.settle();
  assert.ok(results[1]?.ok);
  for (const login of [results[0], results[2]])
    assert.ok(login !== undefined && (login.ok || login.error.type === 'wrong-credentials'), JSON.stringify(login));
  assert.deepEqual([...app.world.people.visible], []);
  assert.equal(app.observer.ofType('person-entered').length, app.observer.ofType('person-left').length);
});

test('WORLD-121 WORLD-123 what the person does while the account is deleted leaves nothing', async () => {
  const clock = new FakeClock();
  const storage = new SlowStorage(clock);
  const { app, ada, bob } = await withTwo(storage, clock);
  const { world } = app;
  let isOver = false;
  const removed = remove(app, 'ada', true).finally(() => (isOver = true));
  const answers: string[] = [];
  const note = (result: { ok: true } | { ok: false; error: { type: string } }) =>
    void answers.push(result.ok ? 'ok' : result.error.type);
  for (let step = 0; !isOver; step++) {
    world.relationships.set(step % 2 === 0 ? 'block' : 'contact', ada, 'bob', true, note);
    world.messages.post(ada, world.lobby, { text: 'late words', clientTime: null }, note);
    await new Promise(setImmediate);
  }
  assert.ok((await removed).ok);
  await app.settle();
  assert.ok(answers.includes('ok') && answers.includes('not-allowed'), answers.join());
  const { contacts, blocks, read, tokens } = await storage.load(personStream(ada));
  assert.deepEqual({ contacts, blocks, read, tokens }, { contacts: [], blocks: [], read: [], tokens: [] });
  const { messages } = await world.history.page(world.lobby, null, 1_000);
  assert.deepEqual(
    messages.filter(({ author, text }) => author.id === ada && text !== ''),
    [],
  );
  assert.ok(messages.some(({ author }) => author.id === bob));
});

test('WORLD-124 a deletion whose storage fails at any call can be asked for again, and then is complete', async () => {
  let isOver = false;
  for (let failAt = 1; !isOver; failAt++) {
    const clock = new FakeClock();
    const inner = new MemoryStorage(clock);
    await (await withTwo(inner, clock)).app.world.stop();
    const failing = new FailingStorage(inner, failAt + 10);
    const app = await TestWorld.open({ storage: failing, clock, ids: countingIds(2) }).catch(() => null);
    if (app === null) continue;
    const first = await remove(app, 'ada', true);
    isOver = !failing.fired;
    const second = await remove(app, 'ada', true);
    const result = first.ok ? first : second.ok ? second : await remove(app, 'ada', true);
    assert.deepEqual(result, { ok: true, value: { name: 'ada', messages: 3 } }, `call ${failAt}`);
    const ada = app.world.people.deletedNamed('ada')?.id ?? 0;
    assert.deepEqual(await inner.relatedTo(ada), []);
    assert.deepEqual((await inner.load(personStream(ada))).memberships.length, 1);
    const { ids } = await inner.messagesBy(ada, 0, 100);
    for (const id of ids) assert.equal((await inner.message(id))?.text, '');
    app.world.close();
  }
});
