import { existsSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { readConfigFile } from './file.ts';
import { type Option, options } from './options.ts';
import { DEFAULT_DATA } from './schema.ts';

/** What the command line and the environment say, and where relative paths in them start. */
export type Sources = {
  /** By flag, without the dashes: a text, a list of texts, or true for a flag that takes nothing. */
  readonly flags: ReadonlyMap<string, unknown>;
  readonly env: NodeJS.ProcessEnv;
  readonly directory: string;
};

/** One value as some source gives it; `named` says which source, in its own name for the option. */
export type Setting = {
  readonly option: Option;
  readonly value: unknown;
  readonly named: string;
  readonly directory: string;
};

/** What a source sets, and what it has that is no option, a sentence each. */
type Settings = { readonly settings: readonly Setting[]; readonly problems: readonly string[] };

/** The data directory that the command line or the environment names, else the usual one. */
export function dataDirectory({ flags, env, directory }: Sources): string {
  return resolve(directory, String(flags.get('data') ?? env.PARLANCE_DATA ?? DEFAULT_DATA));
}

/** What the configuration file sets: the one that is named, else `parlance.toml` in the data directory if it is there. */
export function fileSettings(sources: Sources): Settings {
  const { flags, env, directory } = sources;
  const named = flags.get('config') ?? env.PARLANCE_CONFIG;
  const file = named === undefined ? join(dataDirectory(sources), 'parlance.toml') : resolve(directory, String(named));
  if (named === undefined && !existsSync(file)) return { settings: [], problems: [] };
  const { values, problems } = readConfigFile(file);
  const settings = options.flatMap((option) => {
    const value = values.get(option.key);
    return value === undefined ? [] : [{ option, value, named: `${file}: ${option.key}`, directory: dirname(file) }];
  });
  if (named !== undefined || !values.has('data')) return { settings, problems };
  return { settings, problems: [...problems, `${file}: data cannot be set by a file in the data directory`] }; // SERVER-04
}

/** What `PARLANCE_...` variables set. */
export function envSettings({ env, directory }: Sources): Settings {
  const settings: Setting[] = [];
  const problems: string[] = [];
  for (const [name, text = ''] of Object.entries(env)) {
    if (!name.startsWith('PARLANCE_') || name === 'PARLANCE_CONFIG') continue;
    const option = options.find(({ env }) => env === name);
    if (option === undefined)
      problems.push(`environment: there is no option ${name}`); // SERVER-02
    else settings.push({ option, value: fromText(option, text), named: name, directory });
  }
  return { settings, problems };
}

/** What flags set. */
export function flagSettings({ flags, directory }: Sources): readonly Setting[] {
  return options.flatMap((option) => {
    const value = flags.get(option.flag);
    if (value === undefined) return [];
    const read = typeof value === 'string' ? fromText(option, value) : value;
    return [{ option, value: read, named: `--${option.flag}`, directory }];
  });
}

/** A text as the value that the option takes; what cannot be one stays a text, and will be refused as that. */
function fromText({ kind }: Option, text: string): unknown {
  if (kind === 'integer' && /^\d+$/.test(text)) return Number(text);
  if (kind === 'flag' && (text === 'true' || text === 'false')) return text === 'true';
  if (kind === 'list') return text.split(',').map((part) => part.trim());
  return text;
}
