import assert from 'node:assert/strict';
import { test } from 'node:test';
import { lastFirst } from '../../testing/last-first.ts';
import { noServices } from '../../testing/shared-services.ts';
import { TextClient } from '../../testing/text-client.ts';
import { startTwoProcesses } from './two-processes.ts';

const options = { skip: noServices };
const MOST_MS = 10_000;

test(
  'SERVER-299 the people of a killed process leave on the other within 10 s, and their names are free',
  options,
  async (t) => {
    const [here, there] = await startTwoProcesses(lastFirst(t));
    const alice = await TextClient.enter(here.url, 'alice');
    const bob = await TextClient.enter(there.url, 'bob');
    bob.send('c2/MSG 1; hello');
    await alice.until('c2/MSG bob');
    there.kill('SIGKILL');
    const killed = Date.now();
    await there.exited;
    assert.equal(await alice.until('c2/DISCONNECT'), 'c2/DISCONNECT lost_connection; bob');
    const ms = Date.now() - killed;
    t.diagnostic(`${ms} ms`);
    assert.ok(ms <= MOST_MS, `${ms} ms`);
    await TextClient.enter(here.url, 'bob');
  },
);
