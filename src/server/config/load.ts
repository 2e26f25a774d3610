import { Value } from 'typebox/value';
import { parseName } from '../../core/text/names/parse.ts';
import { parseLine } from '../../core/text/text.ts';
import { err, ok, type Result } from '../../lib/result.ts';
import { type Option, options } from './options.ts';
import { absolutePath, isOtherHome } from './paths.ts';
import { type Config, configSchema } from './schema.ts';
import { BUS_OF_ONE, isShared } from './services.ts';
import { envSettings, fileSettings, flagSettings, type Setting, type Sources } from './sources.ts';

/** What a listing service takes for the port of a server that names none. */
const LISTED_PORT = 5_000;

/**
 * Loads the configuration from defaults, file, environment and flags; later ones win. The errors are all unknown options and
 * invalid values, one sentence each, or else all conflicts between valid values.
 */
export function loadConfig(sources: Sources): Result<Config, readonly string[]> {
  const [file, env] = [fileSettings(sources), envSettings(sources)];
  const settings = [...file.settings, ...env.settings, ...flagSettings(sources)];
  const invalid = settings.filter(({ option, value }) => !Value.Check(option.schema, value)); // SERVER-03
  const refused = invalid.map(
    ({ option, value, named }) => `${named}: expected ${option.expects}, got ${shown(option, value)}`,
  );
  const otherHomes = settings.filter(({ option, value }) => option.isPath && isOtherHome(String(value)));
  const unread = otherHomes.map(
    ({ value, named }) => `${named}: ${value} is in the home of another user; write the whole path`, // SERVER-06
  );
  const problems = [...file.problems, ...env.problems, ...refused, ...unread];
  if (problems.length > 0) return err(problems);
  const config = assemble(settings, sources);
  const conflicts = conflictsIn(config);
  return conflicts.length > 0 ? err(conflicts) : ok(config);
}

/** A found value as an error shows it. */
function shown({ isSecret }: Option, value: unknown): string {
  const text = JSON.stringify(value);
  return isSecret && /[:@]/.test(text) ? 'something else (not shown, for it may have a password in it)' : text; // SERVER-291
}

function assemble(settings: readonly Setting[], { directory, env }: Sources): Config {
  const config: unknown = Value.Create(configSchema);
  for (const option of options) {
    const setting = settings.findLast((candidate) => candidate.option === option); // SERVER-01
    const value = setting === undefined ? option.initial : setting.value;
    if (value === undefined) continue;
    const final = option.isPath ? absolutePath(String(value), setting?.directory ?? directory, env) : value; // SERVER-06
    Value.Pointer.Set(config, `/${option.path.join('/')}`, final);
  }
  return Value.Parse(configSchema, config);
}

/** The conflicts between values that are valid by themselves. */
function conflictsIn(config: Config): string[] {
  const { tls, lobby, deadlines, storage, bus } = config;
  const problems = [...portsTwice(config), ...unlistable(config)];
  if (bus !== BUS_OF_ONE && !isShared(storage)) {
    problems.push('bus connects nodes that share a storage: set storage to a URL of postgres://, or leave bus out'); // SERVER-290
  }
  if ((tls.cert === undefined) !== (tls.key === undefined)) problems.push('tls.cert and tls.key belong together'); // SERVER-05
  const name = parseName(lobby);
  if (!name.ok && name.error !== 'reserved') problems.push(`lobby: ${JSON.stringify(lobby)} is not a valid name`); // SERVER-05
  if (deadlines.silence_seconds <= deadlines.ping_seconds) {
    problems.push('deadlines.silence_seconds must be more than deadlines.ping_seconds'); // SERVER-05
  }
  return problems;
}

/** Why the server could not be listed in a directory, if it shall be. */
function unlistable({ listing, public_address, port, name }: Config): string[] {
  if (listing === undefined) return [];
  const problems: string[] = [];
  if (public_address === undefined && port !== LISTED_PORT) {
    problems.push(`listing needs public_address unless port is ${LISTED_PORT}: the directory cannot know it`); // SERVER-219
  }
  if (!parseLine(name).ok) problems.push(`name: ${JSON.stringify(name)} shows nothing, so it cannot be listed`); // SERVER-219
  return problems;
}

/** The pairs of options that give the same port; 0 gives a free one each time. */
function portsTwice({ port, ports, listing_port = 0 }: Config): string[] {
  const own = Object.entries({ ...ports, listing: listing_port }).map(([name, number]) => ({
    flag: `--${name}-port`,
    number,
  }));
  const all = [{ flag: '--port', number: port }, ...own].filter(({ number }) => number !== 0);
  return all.flatMap(
    ({ flag, number }, index) =>
      all
        .slice(0, index)
        .filter((earlier) => earlier.number === number)
        .map((earlier) => `${earlier.flag} and ${flag} are both ${number}; each needs a port of its own`), // SERVER-128
  );
}
