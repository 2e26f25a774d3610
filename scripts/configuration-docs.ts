// Writes the table of options in docs/configuration.md from the schema: `node scripts/configuration-docs.ts`.
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { type Option, options } from '../src/server/config/options.ts';

/** The document with the table. */
export const FILE = fileURLToPath(new URL('../docs/configuration.md', import.meta.url));

const BEGIN = '<!-- options: written by scripts/configuration-docs.ts -->\n';
const END = '<!-- end of options -->\n';

/** The same document with the table as it has to be; throws if it has no place for it. */
export function withOptions(document: string): string {
  const [before, rest] = document.split(BEGIN);
  const [, after] = rest?.split(END) ?? [];
  if (before === undefined || after === undefined) throw new Error(`${FILE} has no place for the options`);
  return `${before}${BEGIN}\n${table(options)}\n${END}${after}`;
}

function table(rows: readonly Option[]): string {
  return [
    '| In the file | Flag | Default | Values | Meaning |',
    '| --- | --- | --- | --- | --- |',
    ...rows.map(row),
    '',
  ].join('\n');
}

function row({ key, flag, initial, description, expects }: Option): string {
  const usual = initial === undefined ? '' : `\`${JSON.stringify(initial)}\``;
  return `| \`${key}\` | \`--${flag}\` | ${usual} | ${expects} | ${description} |`;
}

if (import.meta.main) writeFileSync(FILE, withOptions(readFileSync(FILE, 'utf8')));
