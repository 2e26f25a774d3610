import { createHash } from 'node:crypto';
import { closeSync, fstatSync, openSync, readlinkSync } from 'node:fs';
import { connect, createServer, type Server } from 'node:net';
import { resolve } from 'node:path';
import { inUse } from './lock.ts';

/** How long the holder of a lock may take to say which process it is. */
const ANSWER_MS = 1_000;

/**
 * Locks the path of a data directory, which need not exist, for this machine. The lock is a name of the kernel and no file, so
 * that it holds while the directory is emptied, moved or replaced. Returns the function that unlocks.
 */
export function lockPath(directory: string): Promise<() => void> {
  // In another mount namespace (a container) the same path is another place.
  const space = process.platform === 'linux' ? readlinkSync('/proc/self/ns/mnt') : '';
  return lockName(`path ${space} ${resolve(directory)}`, directory);
}

/** The same for the directory itself, by whatever path. */
export async function lockPlace(directory: string): Promise<() => void> {
  // Open, so that no other directory gets its number.
  const fd = openSync(directory, 'r');
  try {
    const { dev, ino } = fstatSync(fd);
    const unlock = await lockName(`directory ${dev} ${ino}`, directory);
    return () => {
      unlock();
      closeSync(fd);
    };
  } catch (error) {
    closeSync(fd);
    throw error;
  }
}

/** Only Linux has such names: an abstract socket, which ends with its process. */
async function lockName(name: string, directory: string): Promise<() => void> {
  if (process.platform !== 'linux') return () => {};
  const address = `\0parlance ${createHash('sha256').update(name).digest('hex')}`;
  try {
    const server = await listen(address);
    return () => server.close();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EADDRINUSE') throw error;
    throw new Error(inUse(directory, await pidAt(address)), { cause: error }); // STORE-65
  }
}

/** Listens, and tells whoever asks the number of this process. */
function listen(address: string): Promise<Server> {
  const server = createServer((socket) => {
    socket.on('error', () => {});
    socket.end(`${process.pid}`, () => socket.destroy());
  });
  return new Promise((done, failed) => {
    server.once('error', failed);
    server.unref().listen(address, () => done(server));
  });
}

function pidAt(address: string): Promise<number | null> {
  return new Promise((done) => {
    const socket = connect(address);
    let text = '';
    socket.setTimeout(ANSWER_MS, () => socket.destroy());
    socket.on('error', () => {});
    socket.setEncoding('latin1').on('data', (piece: string) => (text += piece));
    socket.once('close', () => done(/^\d{1,10}$/.test(text) ? Number(text) : null));
  });
}
