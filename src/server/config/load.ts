import { resolve } from 'node:path';
import { Value } from 'typebox/value';
import { parseName } from '../../core/text/names/parse.ts';
import { err, ok, type Result } from '../../lib/result.ts';
import { options } from './options.ts';
import { type Config, configSchema } from './schema.ts';
import { envSettings, fileSettings, flagSettings, type Setting, type Sources } from './sources.ts';

/**
 * Loads the configuration from defaults, file, environment and flags; later ones win. The errors are all unknown options and
 * invalid values, one sentence each, or else all conflicts between valid values.
 */
export function loadConfig(sources: Sources): Result<Config, readonly string[]> {
  const [file, env] = [fileSettings(sources), envSettings(sources)];
  const settings = [...file.settings, ...env.settings, ...flagSettings(sources)];
  const invalid = settings.filter(({ option, value }) => !Value.Check(option.schema, value)); // SERVER-03
  const refused = invalid.map(
    ({ option, value, named }) => `${named}: expected ${option.expects}, got ${JSON.stringify(value)}`,
  );
  const problems = [...file.problems, ...env.problems, ...refused];
  if (problems.length > 0) return err(problems);
  const config = assemble(settings, sources.directory);
  const conflicts = conflictsIn(config);
  return conflicts.length > 0 ? err(conflicts) : ok(config);
}

function assemble(settings: readonly Setting[], directory: string): Config {
  const config: unknown = Value.Create(configSchema);
  for (const option of options) {
    const setting = settings.findLast((candidate) => candidate.option === option); // SERVER-01
    const value = setting === undefined ? option.initial : setting.value;
    if (value === undefined) continue;
    const final = option.isPath ? resolve(setting?.directory ?? directory, String(value)) : value; // SERVER-06
    Value.Pointer.Set(config, `/${option.path.join('/')}`, final);
  }
  return Value.Parse(configSchema, config);
}

/** The conflicts between values that are valid by themselves. */
function conflictsIn({ tls, lobby, deadlines }: Config): string[] {
  const problems: string[] = [];
  if ((tls.cert === undefined) !== (tls.key === undefined)) problems.push('tls.cert and tls.key belong together'); // SERVER-05
  const name = parseName(lobby);
  if (!name.ok && name.error !== 'reserved') problems.push(`lobby: ${JSON.stringify(lobby)} is not a valid name`); // SERVER-05
  if (deadlines.silence_seconds <= deadlines.ping_seconds) {
    problems.push('deadlines.silence_seconds must be more than deadlines.ping_seconds'); // SERVER-05
  }
  return problems;
}
