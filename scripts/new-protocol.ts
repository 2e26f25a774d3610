// `npm run new-protocol NAME`: copies src/protocols/template and its files in test/. docs/adding-a-protocol.md has the next steps.
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { Script } from 'node:vm';
import { options } from '../src/server/config/options.ts';
import { definedRules } from './lib/rules.ts';
import { runGroup } from './lib/run.ts';
import { viewsOf } from './lib/source.ts';
import { ROOT, readTree, type SourceFile } from './lib/tree.ts';

const NAME = /^[a-z][a-z0-9]{1,15}$/;
const FOLDER = 'src/protocols/template';
const FORMATTER = join(ROOT, 'node_modules/@biomejs/biome/bin/biome');
const FORMAT_MS = 30_000;

/** The files of the template with the new name in place of `template`. */
export function newFiles(name: string, template: readonly SourceFile[]): SourceFile[] {
  const capitals = name.toUpperCase();
  const named = (text: string) =>
    text
      .replaceAll('TEMPLATE', capitals)
      .replaceAll('Template', `${capitals.charAt(0)}${name.slice(1)}`)
      .replaceAll('template', name);
  return template.map(({ path, text }) => ({ path: named(path), text: named(text) }));
}

/** Why a protocol cannot have this name; null if it can. `ids` are those of all rules. */
export function nameProblem(name: string, template: readonly SourceFile[], ids: readonly string[]): string | null {
  if (!NAME.test(name)) return 'a name has 2 to 16 letters of English in lower case and digits, a letter first';
  if (options.some(({ path }) => path.includes(name))) return 'the configuration has this word already';
  if (ids.some((id) => id.startsWith(`${name.toUpperCase()}-`))) return 'there are rules that begin with this word';
  const word = new RegExp(`\\b${name}\\b`);
  const taken = template.some(({ path, text }) => path.endsWith('.ts') && word.test(viewsOf(text).code));
  return taken || !isIdentifier(name) ? 'the code has this word already' : null;
}

/** True if a constant can have this name. */
function isIdentifier(name: string): boolean {
  try {
    return new Script(`async () => { 'use strict'; const ${name} = 0; }`) instanceof Script;
  } catch {
    return false;
  }
}

function fail(reason: string): never {
  process.stderr.write(`${reason}\n`);
  process.exit(1);
}

if (import.meta.main) {
  const [name = '', ...more] = process.argv.slice(2);
  if (name === '' || more.length > 0) fail('npm run new-protocol NAME');
  const template = [...readTree([FOLDER], ''), ...readTree(['test'], '/template.ts')];
  const problem = nameProblem(
    name,
    template,
    definedRules(readTree(['src', 'web'], 'SPEC.md')).map(({ id }) => id),
  );
  if (problem !== null) fail(`${name}: ${problem}`);
  const files = newFiles(name, template);
  for (const { path } of files) if (existsSync(join(ROOT, path))) fail(`${path} already exists`);
  for (const { path, text } of files) {
    mkdirSync(dirname(join(ROOT, path)), { recursive: true });
    writeFileSync(join(ROOT, path), text, { flag: 'wx' });
  }
  const written = files.map(({ path }) => path).filter((path) => /\.(?:ts|json)$/.test(path));
  const { code, output } = await runGroup([FORMATTER, 'format', '--write', ...written], FORMAT_MS, ROOT);
  if (code !== 0) fail(output);
  process.stdout.write(
    `${[
      ...files.map(({ path }) => path),
      '',
      'To make the server speak it, add this line to src/protocols/registry.ts:',
      `  export { ${name} } from './${name}/index.ts';`,
      'docs/adding-a-protocol.md has the next steps.',
    ].join('\n')}\n`,
  );
}
