import type { Log } from '../../core/ports.ts';
import { options } from '../config/options.ts';
import type { Config } from '../config/schema.ts';
import type { Adapters } from './adapters.ts';

/** What people see alike on all nodes, or what counts for a person on all of them. All else is a node's own. */
const SHARED: readonly RegExp[] = [
  /^(?:name|lobby|history|codechat_history|registration|accounts_join_lobby|tagged_logins|private_lines)$/,
  /^(?:limits|files|waiting|font)\./,
];

type Settings = { readonly [key: string]: unknown };

/** Warns if this node has other settings than the one that started last where all have to agree; each works by its own. */
export async function compareSettings(
  config: Config,
  { exchangeSettings }: Pick<Adapters, 'exchangeSettings'>,
  log: Log,
): Promise<void> {
  const own = sharedSettings(config);
  const before = JSON.parse((await exchangeSettings(JSON.stringify(own))) || '{}') as Settings;
  const differ = Object.keys(own).filter((key) => key in before && before[key] !== own[key]);
  if (differ.length > 0) log.warn('settings-differ', { options: differ.join(', ') }); // SERVER-301
}

function sharedSettings(config: Config): Settings {
  const shared = options.filter(({ key }) => SHARED.some((pattern) => pattern.test(key)));
  return Object.fromEntries(shared.map(({ key, path }) => [key, valueAt(config, path) ?? null]));
}

function valueAt(config: Config, path: readonly string[]): unknown {
  return path.reduce<unknown>((value, name) => (value as Settings | undefined)?.[name], config);
}
