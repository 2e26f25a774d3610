import { readFileSync } from 'node:fs';
import { parse, TomlError } from 'smol-toml';
import { err, ok, type Result } from '../../lib/result.ts';
import { options } from './options.ts';

type Table = { readonly [name: string]: unknown };

/** Reads a TOML file: its values by key, and its problems, one sentence each. An unreadable file has no values. */
export function readConfigFile(file: string): {
  readonly values: ReadonlyMap<string, unknown>;
  readonly problems: readonly string[];
} {
  const table = readTable(file);
  if (!table.ok) return { values: new Map(), problems: [table.error] };
  const values = new Map(flatten(table.value, ''));
  const unknown = [...values.keys()].filter((key) => options.every((option) => option.key !== key)); // SERVER-02
  return { values, problems: unknown.map((key) => `${file}: there is no option ${key}`) };
}

function readTable(file: string): Result<Table, string> {
  try {
    return ok(parse(readFileSync(file, 'utf8')));
  } catch (error) {
    if (error instanceof TomlError) return err(`${file}:${error.line}: ${firstLine(error.message)}`);
    return err(`${file}: cannot be read (${firstLine(String(error))})`);
  }
}

/** Values with their keys; a table that is no section stays a value, and is refused as an unknown key or a wrong value. */
function flatten(table: Table, section: string): [string, unknown][] {
  return Object.entries(table).flatMap(([name, value]): [string, unknown][] => {
    const key = section + name;
    const isSection = isTable(value) && options.some((option) => option.key.startsWith(`${key}.`));
    return isSection ? flatten(value, `${key}.`) : [[key, value]];
  });
}

function isTable(value: unknown): value is Table {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Date);
}

function firstLine(message: string): string {
  return message.split('\n')[0] ?? '';
}
