import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { countingIds } from '../../../testing/ids.ts';
import { describePostgres } from '../../../testing/postgres.ts';
import { temporaryDirectory } from '../../../testing/temporary.ts';
import { silentLog } from '../../../testing/world.ts';
import { systemClock } from '../clock.ts';
import type { AdapterPorts } from './adapters.ts';
import { openAdapters } from './open.ts';

function ports(origin: number, warnings: string[] = []): AdapterPorts {
  const log = { ...silentLog, warn: (event: string) => void warnings.push(event) };
  return { clock: systemClock, ids: countingIds(origin), log };
}

describePostgres('adapters of a node that shares its storage', (makeDatabase) => {
  test('SERVER-294 nodes have one server id and one history, and a data directory each, which only one has', async (t) => {
    const storage = await makeDatabase(t);
    const config = { data: temporaryDirectory(t), storage, bus: 'memory' };
    const first = await openAdapters(config, ports(1));
    t.after(() => first.close());
    await assert.rejects(openAdapters(config, ports(2)), /data directory .* is in use by/);
    const second = await openAdapters({ ...config, data: temporaryDirectory(t) }, ports(2));
    t.after(() => second.close());
    assert.equal(second.storage.serverId, first.storage.serverId);
    assert.equal(second.storage.identity, first.storage.identity);
    assert.notEqual(second.node, first.node);
    assert.deepEqual([await first.exchangeSettings('a\0'), await second.exchangeSettings('b')], ['', 'a\0']); // SERVER-301
    await first.close();
    const again = await openAdapters(config, ports(3));
    await again.close();
  });

  test('SERVER-295 a database of SQLite that is not used is warned of', async (t) => {
    const [storage, data, warnings] = [await makeDatabase(t), temporaryDirectory(t), [] as string[]];
    writeFileSync(join(data, 'parlance.db'), '');
    const adapters = await openAdapters({ data, storage, bus: 'memory' }, ports(1, warnings));
    await adapters.close();
    assert.ok(warnings.includes('database-not-used'), warnings.join());
  });
});
