import assert from 'node:assert/strict';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { MemoryStorage } from '../../src/storage/memory/storage.ts';
import { Reader } from '../../src/storage/sqlite/reader.ts';
import { Searcher } from '../../src/storage/sqlite/search/searcher.ts';
import { Writer } from '../../src/storage/sqlite/writer.ts';
import { FakeClock } from '../../testing/clock.ts';
import { CREATION, FaultyDatabases, searcherHost, unwatchedFiles } from '../../testing/storage/sqlite.ts';
import { temporaryDirectory } from '../../testing/temporary.ts';
import { FailingStorage } from './failing-storage.ts';
import { InProcessStorage } from './in-process-storage.ts';
import { lobbyScenario } from './lobby-scenario.ts';
import { peopleScenario } from './people-scenario.ts';

const scenarios = [
  ['a guest in the lobby', lobbyScenario],
  ['people with accounts', peopleScenario],
] as const;

for (const [name, scenario] of scenarios)
  test(`WORLD-08 WORLD-03 every storage call fails once: what ${name} did is acknowledged and stored, or refused and not stored`, async () => {
    let refusals = 0;
    let n = 1;
    for (; n < 1_000; n++) {
      const clock = new FakeClock();
      const inner = new MemoryStorage(clock);
      const failing = new FailingStorage(inner, n);
      refusals += await scenario(failing, clock, () => inner, `call ${n} fails`);
      if (!failing.fired) break;
    }
    assert.ok(n > 20 && n < 1_000, `${n} calls`);
    assert.ok(refusals > 5, `${refusals} refusals`);
  });

for (const [name, scenario] of scenarios)
  for (const when of ['before', 'after'] as const)
    test(`WORLD-08 STORE-33 every call of the SQLite database fails once, ${when} its effect: the same holds for ${name}`, async (t) => {
      const directory = temporaryDirectory(t, 'memory');
      let refusals = 0;
      let n = 1;
      for (; n < 5_000; n++) {
        const file = join(directory, `${n}.db`);
        let armed = false;
        let calls = 0;
        const databases = new FaultyDatabases(file, () => (armed && ++calls === n ? when : null));
        const writer = new Writer({
          connect: () => databases.connect(),
          walBytes: () => 0,
          freeBytes: () => 2 ** 40,
          files: unwatchedFiles,
        });
        const reader = new Reader(() => databases.connect());
        writer.open(CREATION);
        armed = true;
        const storage = new InProcessStorage({ writer, reader, searcher: new Searcher(searcherHost(file)) });
        refusals += await scenario(
          storage,
          new FakeClock(),
          () => {
            armed = false;
            return storage;
          },
          `database call ${n} fails`,
        );
        reader.close();
        databases.end();
        rmSync(file);
        if (calls < n) break;
      }
      t.diagnostic(`${n} calls, ${refusals} refusals`);
      assert.ok(n > 50 && n < 5_000, `${n} calls`);
      assert.ok(refusals > 5, `${refusals} refusals`);
    });
