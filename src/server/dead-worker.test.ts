import assert from 'node:assert/strict';
import test from 'node:test';
import { runParlance, startServerProcess } from '../../testing/server.ts';
import { temporaryDirectory } from '../../testing/temporary.ts';
import { TextClient } from '../../testing/text-client.ts';

/** Flags of node that end a storage worker when it has been asked so many times. */
function dying(role: 'writer' | 'reader', calls: number): string[] {
  const code = `
    import { parentPort, workerData } from 'node:worker_threads';
    let calls = 0;
    if (workerData?.role === '${role}') parentPort.on('message', () => { if (++calls === ${calls}) process.exit(3); });`;
  return [`--import=data:text/javascript,${encodeURIComponent(code)}`];
}

test('SERVER-91 a worker that dies during the start ends the start with the reason', async (t) => {
  for (const [role, calls] of [
    ['writer', 1],
    ['writer', 2],
    ['reader', 1],
    ['reader', 2],
  ] as const) {
    const args = ['serve', '--port', '0', '--host', '127.0.0.1', '--data', temporaryDirectory(t)];
    const node = dying(role, calls).join(' ');
    const { code, stderr } = await runParlance(args, { NODE_OPTIONS: node });
    assert.equal(code, 1, `${role} ${calls}`);
    assert.match(stderr, /^parlance: .*a storage worker has ended \(3\).*\n$/, `${role} ${calls}`);
  }
});

test('SERVER-16 STORE-44 a worker that dies later ends the server with the reason, and closes every connection', async (t) => {
  for (const role of ['writer', 'reader'] as const) {
    const server = await startServerProcess(t, { nodeArgs: dying(role, 12) });
    const alice = await TextClient.enter(server.url, 'alice');
    for (let sent = 0; sent < 40; sent++) alice.send(`c2/MSG ${sent}; word`, 'c2/QUERY active_users');
    const others = Array.from({ length: 40 }, (_, index) =>
      TextClient.enter(server.url, `guest${index}`).catch(() => {}),
    );
    await Promise.all(others);
    await alice.closed();
    assert.deepEqual(await server.exited, { code: 1, signal: null });
    assert.match(
      server.stderr(),
      /^parlance: the database cannot be used any more \(a storage worker has ended \(3\)\)\n$/,
    );
  }
});
