import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, realpathSync, renameSync, writeFileSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';

/** Where Debian puts the programs, by version. */
const DEBIAN = '/usr/lib/postgresql';
const CACHE = join(import.meta.dirname, '../node_modules/.cache');
const MOST_BYTES = 2 ** 28;

/** The directory with the programs of PostgreSQL: those on the PATH, else the newest that Debian has; null without any. */
export const programs: string | null = findPrograms();

/** The system user who runs the server, which refuses to be run by root; nothing where this user can run it. */
export function serverUser(): { readonly uid?: number; readonly gid?: number } {
  if (process.getuid?.() !== 0) return {};
  const [uid, gid] = ['-u', '-g'].map((flag) =>
    Number(spawnSync('id', [flag, 'postgres'], { encoding: 'utf8' }).stdout),
  );
  return { uid: Number(uid), gid: Number(gid) };
}

/** Makes the data of a new server in `data` of this directory, by `initdb` or from an archive of what it made before. */
export function makeData(directory: string): void {
  if (programs === null) throw new Error('PostgreSQL is not installed');
  const version = run(join(programs, 'postgres'), ['--version'], directory)
    .toString()
    .replaceAll(/[^\w.]+/g, '-');
  const archive = join(CACHE, `${version}.tar`);
  if (existsSync(archive)) {
    run('tar', ['-x'], directory, readFileSync(archive));
    return;
  }
  const flags = ['-A', 'trust', '-U', 'postgres', '-E', 'UTF8', '--locale=C', '--wal-segsize=1', '--no-sync'];
  run(join(programs, 'initdb'), [...flags, '-D', 'data'], directory);
  mkdirSync(CACHE, { recursive: true });
  writeFileSync(`${archive}.${process.pid}`, run('tar', ['-c', 'data'], directory));
  renameSync(`${archive}.${process.pid}`, archive);
}

function run(program: string, args: readonly string[], cwd: string, input?: Buffer): Buffer {
  const env = { ...process.env, LC_ALL: 'C' };
  const done = spawnSync(program, args, { cwd, env, maxBuffer: MOST_BYTES, ...(input && { input }), ...serverUser() });
  if (done.status !== 0) throw new Error(`${program} failed: ${done.error?.message ?? String(done.stderr)}`);
  return done.stdout;
}

function findPrograms(): string | null {
  const versions = existsSync(DEBIAN) ? readdirSync(DEBIAN).toSorted((a, b) => Number(b) - Number(a)) : [];
  const folders = [
    ...(process.env.PATH ?? '').split(delimiter),
    ...versions.map((version) => join(DEBIAN, version, 'bin')),
  ];
  const found = folders.find((folder) => ['postgres', 'initdb'].every((name) => existsSync(join(folder, name))));
  return found === undefined ? null : dirname(realpathSync(join(found, 'postgres')));
}
