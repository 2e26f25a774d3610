// Writes the table of options in docs/configuration.md from the schema: `node scripts/configuration-docs.ts`.
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { protocols } from '../src/protocols/index.ts';
import { type Option, options } from '../src/server/config/options.ts';

export const FILE = fileURLToPath(new URL('../docs/configuration.md', import.meta.url));

const BEGIN = '<!-- options: written by scripts/configuration-docs.ts -->\n';
const END = '<!-- end of options -->\n';

/** An option that every protocol has is documented once, so that a new protocol does not change the document. */
const EACH = 'PROTOCOL';
const FIRST = protocols[0]?.name ?? EACH;

/** Returns the document with the current table; throws if the document has no place for it. */
export function withOptions(document: string): string {
  const [before, rest] = document.split(BEGIN);
  const [, after] = rest?.split(END) ?? [];
  if (before === undefined || after === undefined) throw new Error(`${FILE} has no place for the options`);
  return `${before}${BEGIN}\n${table(options.flatMap(documented))}\n${END}${after}`;
}

/** The option to document: the first protocol's stands for those of all protocols. */
export function documented(option: Option): Option[] {
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
