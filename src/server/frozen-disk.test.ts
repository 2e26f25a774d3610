import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import test, { type TestContext } from 'node:test';
import { getPage } from '../../testing/http.ts';
import { startServerProcess } from '../../testing/server.ts';
import { temporaryDirectory } from '../../testing/temporary.ts';
import { TextClient } from '../../testing/text-client.ts';

const run = (command: string, ...args: string[]) => execFileSync(command, args, { stdio: 'ignore' });

/** A file system that can be frozen, so that every write to it hangs; null where that is not allowed. */
function freezable(t: TestContext) {
  const parent = temporaryDirectory(t);
  const [image, directory] = [join(parent, 'image'), join(parent, 'disk')];
  mkdirSync(directory);
  try {
    run('truncate', '-s', '64M', image);
    run('mkfs.ext4', '-q', image);
    run('mount', '-o', 'loop', image, directory);
  } catch {
    return null;
  }
  let frozen = false;
  const freeze = () => {
    run('fsfreeze', '-f', directory);
    frozen = true;
  };
  const thaw = () => {
    if (frozen) run('fsfreeze', '-u', directory);
    frozen = false;
  };
  return { directory, freeze, thaw, unmount: () => run('umount', '-l', directory) };
}

test('WORLD-08 SERVER-40 SERVER-90 a disk that hangs: what waits is refused within seconds, the page says why, and everything goes on when it works again', async (t) => {
  const disk = freezable(t);
  if (disk === null) return t.skip('only root can mount a disk image');
  try {
    const server = await startServerProcess(t, { dataDir: join(disk.directory, 'data') });
    const alice = await TextClient.enter(server.url, 'alice');
    const bob = await TextClient.enter(server.url, 'bob');
    assert.equal(await alice.ask('c2/MSG 1; before'), 'c2/ACKNOWLEDGE');
    await bob.until('c2/MSG alice; 1');
    disk.freeze();
    alice.send('c2/MSG 2; in the batch');
    const page = await getPage(`${server.http}/healthz`);
    assert.deepEqual(
      [page.status, page.text],
      [503, '{"status":"unavailable","reason":"the store does not answer"}\n'],
    );
    bob.send('c2/MSG 3; waits');
    assert.match(await bob.until('c2/'), /^c2\/ERROR .*later/);
    assert.match((await bob.ask('c2/MSG 4; comes later')) ?? '', /^c2\/ERROR .*later/);
    assert.match((await bob.ask('c2/QUERY active_users')) ?? '', /^c2.ACKNOWLEDGE .alice/);
    assert.equal((await server.line('storage-unavailable')).reason, 'the store does not answer');
    disk.thaw();
    assert.equal(await alice.until('c2/ACK'), 'c2/ACKNOWLEDGE');
    await bob.until('c2/MSG alice; 2');
    assert.equal(await bob.ask('c2/MSG 5; after'), 'c2/ACKNOWLEDGE');
    await alice.until('c2/MSG bob; 5');
    await server.line('storage-available');
    assert.deepEqual(await server.stop(), { code: 0, signal: null });
  } finally {
    disk.thaw();
    disk.unmount();
  }
});
