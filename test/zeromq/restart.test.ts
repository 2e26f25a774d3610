import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startServerProcess } from '../../testing/server.ts';
import { temporaryDirectory } from '../../testing/temporary.ts';
import { DealerClient } from './dealer-client.ts';

for (const signal of ['SIGTERM', 'SIGKILL'] as const) {
  test(`MSGP-30 after a ${signal} and a restart the old tokens are valid and updates arrive again`, async (t) => {
    const dataDir = temporaryDirectory(t);
    const first = await startServerProcess(t, { dataDir });
    const alice = await DealerClient.open(t, first.port).signUp('alice');
    const bob = await DealerClient.open(t, first.port).signUp('bob');
    const carol = await DealerClient.open(t, first.port).signUp('carol');
    await alice.ask('create_group', 'chess');
    await bob.ask('join_group', 'chess');
    await carol.request('logout', 'carol');
    await bob.ask('msg_group', 'chess', 'before');
    await alice.updateOf('before');
    first.kill(signal);
    await first.exited;

    const again = await startServerProcess(t, { dataDir, args: ['--port', `${first.port}`] });
    assert.equal(again.port, first.port);
    await bob.ask('msg_group', 'chess', 'you have not come back');
    await bob.updateOf('you have not come back');
    assert.deepEqual(await alice.ask('add_contact', 'bob'), []);
    await alice.updateOf('you have not come back');
    await bob.ask('whisper', 'alice', 'now you have');
    assert.deepEqual(await alice.updateOf('now you have'), ['whisper', 'bob', 'now you have']);
    await assert.rejects(carol.ask('join_group', 'chess'), /token/);
    assert.ok(alice.events.includes('disconnect'));
  });
}
