// Lets one process at a time change node_modules.
import { linkSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { uptime } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

const LOCK = '.setup.lock';
const WAIT_MS = 200;
/** By how much a clock may be set right while the machine runs. */
const CLOCK_STEP_MS = 60_000;

/** Does the work when no other process does such work in this folder. Rejects where the folder cannot be written. */
export async function alone(folder, work, say) {
  const lock = join(folder, LOCK);
  for (let waits = 0; !take(lock); waits += 1) {
    if (waits === 0) say(`another setup is running (if not: delete ${lock}), waiting for it ...`);
    await sleep(WAIT_MS);
  }
  const release = () => rmSync(lock, { force: true });
  process.on('exit', release);
  await work();
  process.off('exit', release);
  release();
}

function take(lock) {
  const mine = `${lock}.${process.pid}`;
  writeFileSync(mine, String(process.pid));
  try {
    // Unlike a file that is made and then written, a link is never empty.
    linkSync(mine, lock);
    return true;
  } catch (error) {
    if (error.code !== 'EEXIST') throw error;
    if (isOfThisBoot(lock) && isAlive(holderOf(lock))) return false;
    rmSync(lock, { force: true });
    return take(lock);
  } finally {
    rmSync(mine, { force: true });
  }
}

/** The process id in the lock file; null if the file has just been removed, or names no other process. */
function holderOf(lock) {
  try {
    const pid = Number(readFileSync(lock, 'utf8'));
    // A container gives the same process id again.
    return pid > 0 && pid !== process.pid ? pid : null;
  } catch (error) {
    if (error.code === 'ENOENT') return null;
    throw error;
  }
}

/** After a restart of the machine another process may have the id. */
function isOfThisBoot(lock) {
  try {
    return Date.now() - statSync(lock).mtimeMs < uptime() * 1_000 + CLOCK_STEP_MS;
  } catch (error) {
    if (error.code === 'ENOENT') return false;
    throw error;
  }
}

function isAlive(pid) {
  try {
    return pid !== null && process.kill(pid, 0);
  } catch (error) {
    return error.code === 'EPERM';
  }
}
