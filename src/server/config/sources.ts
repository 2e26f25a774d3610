import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { readConfigFile } from './file.ts';
import { absolutePath } from './paths.ts';
import { type Option, options } from './options.ts';
import { DEFAULT_DATA } from './schema.ts';

/** The flags, the environment, and the directory at which relative paths in both start. */
export type Sources = {
  /** By flag, without the dashes: a text, a list of texts, or true for a flag without a value. */
  readonly flags: ReadonlyMap<string, unknown>;
  readonly env: NodeJS.ProcessEnv;
  readonly directory: string;
};

/** The value of an option in one source; `named` is the option's name there. */
export type Setting = {
  readonly option: Option;
  readonly value: unknown;
  readonly named: string;
  readonly directory: string;
};

/** The values in a source, and its unknown options, one sentence each. */
type Settings = { readonly settings: readonly Setting[]; readonly problems: readonly string[] };

/** The data directory of the command line or the environment, else the default. */
export function dataDirectory({ flags, env, directory }: Sources): string {
  return absolutePath(String(flags.get('data') ?? variable(env, 'PARLANCE_DATA') ?? DEFAULT_DATA), directory, env);
}

/** The values in the configuration file: the named one, else `parlance.toml` in the data directory if it exists. */
export function fileSettings(sources: Sources): Settings {
  const { flags, env, directory } = sources;
  const named = flags.get('config') ?? variable(env, 'PARLANCE_CONFIG');
  const file =
    named === undefined ? join(dataDirectory(sources), 'parlance.toml') : absolutePath(String(named), directory, env);
  if (named === undefined && !existsSync(file)) return { settings: [], problems: [] };
  const { values, problems } = readConfigFile(file);
  const settings = options.flatMap((option) => {
    const value = values.get(option.key);
    return value === undefined ? [] : [{ option, value, named: `${file}: ${option.key}`, directory: dirname(file) }];
  });
  if (named !== undefined || !values.has('data')) return { settings, problems };
  return { settings, problems: [...problems, `${file}: data cannot be set by a file in the data directory`] }; // SERVER-04
}

/** The value of a variable; an empty one counts as not set, because scripts and services cannot always leave it out. */
function variable(env: NodeJS.ProcessEnv, name: string): string | undefined {
  return env[name] || undefined; // SERVER-127
}

/** The values of `PARLANCE_...` variables. */
export function envSettings({ env, directory }: Sources): Settings {
  const settings: Setting[] = [];
  const problems: string[] = [];
  for (const [name, text = ''] of Object.entries(env)) {
    if (!name.startsWith('PARLANCE_') || name === 'PARLANCE_CONFIG' || text === '') continue; // SERVER-127
    const option = options.find(({ env }) => env === name);
    if (option === undefined)
      problems.push(`environment: there is no option ${name}`); // SERVER-02
    else settings.push({ option, value: fromText(option, text), named: name, directory });
  }
  return { settings, problems };
}

/** The values of flags. */
export function flagSettings({ flags, directory }: Sources): readonly Setting[] {
  return options.flatMap((option) => {
    const value = flags.get(option.flag);
    if (value === undefined) return [];
    const read = typeof value === 'string' ? fromText(option, value) : value;
    return [{ option, value: read, named: `--${option.flag}`, directory }];
  });
}

/** Converts a text to the type of the option; an invalid text stays a text, and is refused later. */
function fromText({ kind }: Option, text: string): unknown {
  if (kind === 'integer' && /^\d+$/.test(text)) return Number(text);
  if (kind === 'flag' && (text === 'true' || text === 'false')) return text === 'true';
  if (kind === 'list') return text.split(',').map((part) => part.trim());
  return text;
}
