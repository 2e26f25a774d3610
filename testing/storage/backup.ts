import { createServer } from 'node:net';
import { once } from 'node:events';
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { makeBackup } from '../../src/storage/sqlite/backup/make.ts';
import { openSqliteStorage } from '../../src/storage/sqlite/open.ts';
import { FakeClock } from '../clock.ts';
import { countingIds } from '../ids.ts';
import { type Cleanup, temporaryDirectory } from '../temporary.ts';
import { silentLog } from '../world.ts';
import { itemOf, posted, sessionItem, tokenIssued } from './samples.ts';

export const clock = new FakeClock();
const ids = countingIds();

/** Opens the store of a directory; it is closed at the end. */
export async function openStore(cleanup: Cleanup, directory: string) {
  const storage = await openSqliteStorage({ directory, clock, ids, log: silentLog });
  cleanup.after(() => storage.close());
  return storage;
}

/** A data directory that is in use, with three messages, a token, a session, and all kinds of files. */
export async function dataInUse(cleanup: Cleanup) {
  const directory = temporaryDirectory(cleanup);
  const data = join(directory, 'data');
  const storage = await openStore(cleanup, data);
  await storage.append([1, 2, 3].map((number) => itemOf([posted(1, number)])));
  await storage.append([itemOf([tokenIssued(3, 1, 'digest', 9)])]);
  await storage.append([
    sessionItem({ digest: 'of a session', person: 3, passwordPosition: 1, expires: 9e12, documents: ['a'] }),
  ]);
  writeFileSync(join(data, 'parlance.toml'), 'port = 4321\n', { mode: 0o644 });
  mkdirSync(join(data, 'files', 'deep'), { recursive: true });
  writeFileSync(join(data, 'files', 'deep', 'picture'), 'bytes');
  symlinkSync('parlance.toml', join(data, 'link'));
  symlinkSync('nowhere', join(data, 'broken link'));
  mkdirSync(join(data, 'replaced-2026'));
  writeFileSync(join(data, 'replaced-2026', 'parlance.db'), 'old');
  const socket = createServer().listen(join(data, 'admin.sock'));
  await once(socket, 'listening');
  cleanup.after(async () => void socket.close());
  return { directory, data, storage };
}

/** Makes a backup, without showing its progress. */
export function backUp(data: string, target: string, progress: (step: string) => void = () => {}) {
  return makeBackup({ data, target, now: () => clock.now(), progress });
}
