import { constants, setPriority } from 'node:os';
import { Command } from 'commander';
import { reasonOf } from '../../lib/reason.ts';
import type { BackupReport, MissingUploads } from '../../storage/sqlite/backup/make.ts';
import { systemClock } from '../clock.ts';
import { absolutePath } from '../config/paths.ts';
import { DEFAULT_DATA } from '../config/schema.ts';
import { loadConfig } from '../config/load.ts';
import { isShared } from '../config/services.ts';
import { dataDirectory, type Sources } from '../config/sources.ts';
import { systemIds } from '../ids.ts';
import { fail, problemLine } from './fail.ts';
import { ProgressLine } from './progress-line.ts';

type Options = { readonly data?: string; readonly replace?: boolean };

const BACKUP_HELP = `
The directory must not exist yet, or be empty. It will hold everything that was acknowledged before, passwords as hashes
too: keep it private. Without a terminal nothing is printed on success. See docs/backup.md.`;
const RESTORE_HELP = `
Stop the server first. What the data directory holds is put aside in it with --replace. See docs/backup.md.`;

/** `parlance admin backup DIRECTORY`: copies the data of a server, which may go on running. */
export function backupCommand(): Command {
  return new Command('backup')
    .argument('<directory>', 'the backup to make')
    .description('Write a backup of all data, while the server runs.')
    .option('--data <path>', `The data directory of the server. Default: ${DEFAULT_DATA}`)
    .addHelpText('after', BACKUP_HELP)
    .action(async (directory: string, options: Options) => {
      const target = absolute(directory);
      refuseShared(options);
      endOnSignals();
      setPriority(constants.priority.PRIORITY_LOW); // The server comes first.
      // Imported here, so that other commands do not load the database.
      const { makeBackup } = await import('../../storage/sqlite/backup/make.ts');
      const line = new ProgressLine(process.stdout);
      const report = await makeBackup({
        data: dataFor(options),
        target,
        now: () => systemClock.now(),
        progress: (step, done) => line.show(`${step} ... ${Math.floor(100 * done)} %`),
      }).catch((error: unknown) => {
        line.clear();
        return fail([reasonOf(error)]); // SERVER-151
      });
      const elsewhere = directoryOfFiles(options);
      const lacks = elsewhere === undefined ? '' : `; without files and pictures, which are in ${elsewhere}`;
      line.end(`${target}: ${described(report)}${lacks}`); // SERVER-152 SERVER-326
      if (elsewhere === undefined) warnOfMissing(report); // SERVER-326
    });
}

/** `parlance restore DIRECTORY`: puts a backup into a data directory. */
export function restoreCommand(): Command {
  return new Command('restore')
    .argument('<directory>', 'the backup')
    .description('Put a backup into a data directory, on which no server runs.')
    .option('--data <path>', `The data directory. Default: ${DEFAULT_DATA}`)
    .option('--replace', 'Put aside what the data directory holds already.')
    .addHelpText('after', RESTORE_HELP)
    .action(async (backup: string, options: Options) => {
      refuseShared(options);
      const data = dataFor(options);
      const ids = systemIds(systemClock);
      const { replace = false } = options;
      const { restoreBackup } = await import('../../storage/sqlite/backup/restore.ts');
      const restored = await restoreBackup({
        backup: absolute(backup),
        data,
        replace,
        identity: ids.identity(),
        now: systemClock.now(),
      }).catch((error: unknown) => fail([reasonOf(error)])); // SERVER-153
      const { made, replaced } = restored;
      if (directoryOfFiles(options) === undefined) warnOfMissing(restored); // SERVER-326
      process.stdout.write(`${data} is as it was at ${made}; everybody has to log in again\n`);
      if (replaced !== null) process.stdout.write(`what was there before is in ${replaced}: delete it some day\n`);
    });
}

function dataFor(options: Options): string {
  return dataDirectory(sourcesFor(options));
}

function sourcesFor({ data }: Options): Sources {
  const flags = new Map(data === undefined ? [] : [['data', data]]);
  return { flags, env: process.env, directory: process.cwd() };
}

/** Ends the command where file or environment say that the data is not in the data directory. */
function refuseShared(options: Options): void {
  const config = loadConfig(sourcesFor(options));
  if (!config.ok || !isShared(config.value.storage)) return; // What else is wrong with the options is no matter here.
  fail(['the data is in PostgreSQL: back it up with pg_dump, and restore it with pg_restore, as docs/backup.md shows']); // SERVER-296
}

/** Where files and pictures are instead of in the data directory; undefined if they are there. */
function directoryOfFiles(options: Options): string | undefined {
  const config = loadConfig(sourcesFor(options));
  return config.ok ? config.value.files.directory : undefined;
}

function absolute(path: string): string {
  return absolutePath(path, process.cwd(), process.env);
}

/** Ends by `exit`, so that nothing half-made is left. */
function endOnSignals(): void {
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.once(signal, () => process.exit(1)); // SERVER-151
}

/** Also without a terminal: a program that makes backups every night should report it. */
function warnOfMissing({ missingPictures, missingFiles }: MissingUploads): void {
  const warn = (count: number, what: string) => {
    if (count === 0) return;
    process.stderr.write(problemLine(`${count} of the ${what} are missing or damaged; everything else is there`));
  };
  warn(missingPictures, 'pictures that accounts have'); // SERVER-189
  warn(missingFiles, 'files that people uploaded'); // SERVER-281
}

function described({ bytes, rows }: BackupReport): string {
  const { message = 0, account = 0 } = rows;
  return `${message} messages and ${account} accounts, ${(bytes / 2 ** 20).toFixed(1)} MiB, checked and on the disk`;
}
