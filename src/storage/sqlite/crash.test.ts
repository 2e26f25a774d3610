import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { type TestContext, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { FakeClock } from '../../../testing/clock.ts';
import { countingIds } from '../../../testing/ids.ts';
import { seededRandom } from '../../../testing/random.ts';
import { roomStream } from '../../core/model/ids.ts';
import { posted, searchFor } from '../../../testing/storage/samples.ts';
import { openSqliteStorage } from './open.ts';
import { temporaryDirectory } from '../../../testing/temporary.ts';
import { silentLog } from '../../../testing/world.ts';

const KILLS = 6;
const CHILD = fileURLToPath(new URL('./crash.child.ts', import.meta.url));

/** Starts a process that appends to the store; resolves when it has answered this many batches, or has ended. */
async function start(context: TestContext, directory: string, batches: number) {
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', CHILD, directory], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  context.after(() => child.kill('SIGKILL'));
  const lines: number[] = [];
  const reading = createInterface({ input: child.stdout });
  const enough = new Promise<void>((resolve) => {
    reading.on('line', (line) => {
      lines.push(Number(line));
      if (lines.length > batches) resolve();
    });
  });
  const ended = Promise.all([once(child, 'exit'), once(reading, 'close')]);
  await Promise.race([enough, ended]);
  return { child, lines, ended };
}

test('STORE-45 STORE-39 STORE-131 what was committed survives kill -9 at any moment and is found, and the file is checked', async (context) => {
  const directory = temporaryDirectory(context);
  const random = seededRandom(45);
  for (let kill = 0; kill < KILLS; kill++) {
    const { child, lines, ended } = await start(context, directory, random.below(60));
    child.kill('SIGKILL');
    await ended;
    const answered = lines.at(-1) ?? assert.fail('the process did not start');
    const storage = await openSqliteStorage({
      directory,
      clock: new FakeClock(),
      ids: countingIds(kill),
      log: silentLog,
    });
    context.after(() => storage.close());
    const stream = roomStream(1);
    const [head = 0] = await storage.positions([stream]);
    assert(head >= answered, `${answered} was answered, ${head} is there`);
    const entries = await storage.entries(stream, 0, head);
    assert.deepEqual(
      entries,
      Array.from({ length: head }, (_, index) => posted(1, index + 1)),
    );
    const { position, messages } = await storage.page(1, null, head);
    assert.deepEqual([position, messages.length], [head, head]);
    const person = await storage.load('person/3');
    assert.deepEqual([person.position, person.read[0]?.number ?? 0], [2 * head, head]);
    assert.equal((await storage.token('digest'))?.expires ?? 0, head);
    assert.deepEqual(await storage.deliveryMarkers(3), head === 0 ? [] : [[1, head]]);
    const found = await storage.search(searchFor('message', { rooms: [1], limit: head + 1 }));
    assert.equal(found?.messages.length, head);
    assert.equal(await storage.checked, 'checked');
    await storage.close();
  }
});

test('STORE-37 a second process is told which one has the directory; the lock ends with its process', async (context) => {
  const directory = temporaryDirectory(context);
  const { child, ended } = await start(context, directory, 1);
  const options = { directory, clock: new FakeClock(), ids: countingIds(), log: silentLog };
  await assert.rejects(
    openSqliteStorage(options),
    new RegExp(`${directory} is in use by process ${child.pid}\\. Stop`),
  );
  child.kill('SIGKILL');
  await ended;
  await (await openSqliteStorage(options)).close();
});
