import assert from 'node:assert/strict';
import test from 'node:test';
import { FakeClock } from '../../../testing/clock.ts';
import { silentLog } from '../../../testing/world.ts';
import type { LogFields } from '../../core/ports.ts';
import { MemoryNames } from '../../storage/memory/names.ts';
import { adviseBus } from './names.ts';

test('SERVER-293 a node without a bus says once that another node is there; names are claimed, freed and left as before', async () => {
  const lines: { readonly event: string; readonly fields: LogFields | undefined }[] = [];
  const names = new MemoryNames(new FakeClock());
  const advised = adviseBus(names, { ...silentLog, warn: (event, fields) => void lines.push({ event, fields }) });
  await advised.renew('one');
  assert.equal(lines.length, 0);
  await names.renew('two');
  for (let count = 0; count < 2; count++) await advised.renew('one');
  assert.deepEqual(
    lines.map(({ event, fields }) => [event, fields?.nodes]),
    [['no-bus', 2]],
  );
  assert.equal(advised.leaseMs, names.leaseMs);
  assert.deepEqual(await advised.claim('alice', 1, 'one'), { won: true });
  assert.deepEqual(await names.claim('alice', 2, 'two'), { won: false, person: 1, node: 'one' });
  await advised.release('alice', 1);
  assert.deepEqual(await names.claim('alice', 2, 'two'), { won: true });
  await advised.leave('one');
  assert.deepEqual((await names.renew('two')).nodes, ['two']);
});
