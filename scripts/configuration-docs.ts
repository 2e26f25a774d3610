// Writes the table of options in docs/configuration.md from the schema: `node scripts/configuration-docs.ts`.
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { protocols } from '../src/protocols/index.ts';
import { type Option, options } from '../src/server/config/options.ts';

/** The document with the table. */
export const FILE = fileURLToPath(new URL('../docs/configuration.md', import.meta.url));

const BEGIN = '<!-- options: written by scripts/configuration-docs.ts -->\n';
const END = '<!-- end of options -->\n';

/** What every protocol has under its own name is told once, so that the document does not change with a new protocol. */
const EACH = 'PROTOCOL';
const FIRST = protocols[0]?.name ?? EACH;

/** The same document with the table as it has to be; throws if it has no place for it. */
export function withOptions(document: string): string {
  const [before, rest] = document.split(BEGIN);
  const [, after] = rest?.split(END) ?? [];
  if (before === undefined || after === undefined) throw new Error(`${FILE} has no place for the options`);
  return `${before}${BEGIN}\n${table(options.flatMap(told))}\n${END}${after}`;
}

/** An option as it is told; that of a protocol stands for those of all, and none of the others is told. */
export function told(option: Option): Option[] {
  if (!protocols.some(({ name }) => option.key === `ports.${name}`)) return [option];
  if (option.key !== `ports.${FIRST}`) return [];
  const description = `A port for one protocol alone, such as \`--${option.flag}\` for ${FIRST}.`;
  return [{ ...option, key: `ports.${EACH}`, flag: `${EACH}-port`, description }];
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
