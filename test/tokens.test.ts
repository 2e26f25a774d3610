import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import type { PersonId } from '../src/core/model/ids.ts';
import type { Ids } from '../src/core/ports.ts';
import { sha256 } from '../src/lib/sha256.ts';
import { systemIds } from '../src/server/ids.ts';
import { createLog } from '../src/server/log.ts';
import { openSqliteStorage } from '../src/storage/sqlite/open.ts';
import { FakeClock } from '../testing/clock.ts';
import { temporaryDirectory } from '../testing/temporary.ts';
import { untilSettled, TestWorld } from '../testing/world.ts';

const ISSUES = 100_000;
const AT_ONCE = 1_000;
const DAY_MS = 24 * 60 * 60 * 1_000;

/** Real ids, and a record of all of them without their hyphens. */
function watchedIds(clock: FakeClock) {
  const real = systemIds(clock);
  const drawn = new Set<string>();
  const noting = <T extends string | number>(id: T): T => {
    drawn.add(String(id).replaceAll('-', ''));
    return id;
  };
  const ids: Ids = {
    message: () => noting(real.message()),
    integer: () => noting(real.integer()),
    identity: () => noting(real.identity()),
    secret: () => real.secret(),
    code: () => noting(real.code()),
  };
  return { ids, drawn };
}

test(`WORLD-90 T20 ${ISSUES} tokens are all different, and none is an id or a digest of one`, async () => {
  const clock = new FakeClock();
  const { ids, drawn } = watchedIds(clock);
  const app = await TestWorld.open({ clock, ids });
  const people = [await app.member('ada'), await app.member('bob')];
  const secrets = new Set<string>();
  for (let issued = 0; issued < ISSUES; issued += AT_ONCE) {
    const person = people[(issued / AT_ONCE) % 2] ?? 0;
    const results = Array.from(
      { length: AT_ONCE },
      () =>
        new Promise<string>((resolve) =>
          app.world.tokens.issue(person, Infinity, (result) => resolve(result.ok ? result.value : '')),
        ),
    );
    for (const secret of await untilSettled(clock, Promise.all(results))) secrets.add(secret.replaceAll('-', ''));
    assert.ok((await app.post(person, `after ${issued}`)).ok);
  }
  assert.equal(secrets.size, ISSUES);
  assert.ok(drawn.size > ISSUES / AT_ONCE);
  const digests = new Set([...drawn].map((id) => sha256(id).slice(0, 32)));
  for (const secret of secrets) {
    assert.match(secret, /^[0-9a-f]{32}$/);
    assert.ok(!drawn.has(secret) && !digests.has(secret));
  }
});

/** A world on a database on disk, with the lines of its log. */
async function onDisk(context: TestContext, directory: string, clock: FakeClock) {
  const lines: string[] = [];
  const log = createLog({ level: 'info', write: (line) => void lines.push(line), clock });
  const ids = systemIds(clock);
  const storage = await openSqliteStorage({ directory, clock, ids, log });
  context.after(() => storage.close());
  const app = await TestWorld.open({ storage, clock, ids, log });
  return { app, storage, lines };
}

/** The forms in which a token may be written. */
function encodingsOf(secret: string): Buffer[] {
  const hex = secret.replaceAll('-', '');
  const bytes = Buffer.from(hex, 'hex');
  const texts = [secret, hex, bytes.toString('base64').replace(/=*$/, ''), bytes.toString('base64url')];
  return [bytes, ...texts.flatMap((text) => [text, text.toUpperCase()]).map((text) => Buffer.from(text))];
}

test('T21 T26 STORE-57 a token is in no file of the database, nor in its log of changes, nor in the log', async (context) => {
  const directory = temporaryDirectory(context);
  const clock = new FakeClock();
  const { app, storage, lines } = await onDisk(context, directory, clock);
  const ada = await app.member('ada');
  const issue = () => app.must<string>((world, done) => world.tokens.issue(ada, Infinity, done));
  const owner = (secret: string) => untilSettled(clock, app.world.tokens.owner(secret));
  const secrets = [await issue(), await issue(), await issue()];
  const [kept = '', ended = ''] = secrets;
  const unknown = systemIds(clock).secret();
  clock.jump(2 * DAY_MS);
  assert.deepEqual([await owner(kept), await owner(unknown)], [ada, null]);
  await app.must<PersonId>((world, done) => void world.tokens.revoke(ada, ended, done));
  assert.equal((await app.ask<PersonId>((world, done) => void world.tokens.revoke(ada, unknown, done))).ok, false);

  const everyFile = () => readdirSync(directory).map((name) => readFileSync(join(directory, name)));
  const scan = (when: string) => {
    const found = [...everyFile(), Buffer.from(lines.join(''))];
    assert.ok(
      found.some((bytes) => bytes.includes(sha256(kept))),
      `${when}: what is stored is found`,
    );
    for (const secret of [...secrets, unknown])
      for (const encoding of encodingsOf(secret)) assert.ok(!found.some((bytes) => bytes.includes(encoding)), when);
  };
  assert.ok(readdirSync(directory).includes('parlance.db-wal'));
  scan('while it is open');
  const { tokens } = await storage.load(`person/${ada}`);
  assert.deepEqual(tokens.map(({ digest }) => digest).sort(), [kept, secrets[2] ?? ''].map(sha256).sort());
  await app.world.stop();
  app.world.close();
  await storage.close();
  scan('when it is closed');

  const again = await onDisk(context, directory, clock);
  assert.deepEqual(
    await Promise.all([kept, ended].map((secret) => untilSettled(clock, again.app.world.tokens.owner(secret)))),
    [ada, null],
  );
  scan('when it is open again');
  again.app.world.close();
});
