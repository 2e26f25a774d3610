// Every rule of a SPEC.md and every threat that applies has a test, and every cited id exists.
// `npm run rules -- --break 40 [--seed 1]` also checks the tests: see break-rules.ts.
import { parseArgs } from 'node:util';
import { breakRules } from './break-rules.ts';
import { citedIds, definedRules, definedThreats, type Mention, titledIds } from './lib/rules.ts';
import { CODE, finish, readTree, type SourceFile } from './lib/tree.ts';

const THREATS = 'docs/threats.md';
const RULED = ['src', 'web', 'testing', 'test', 'bench', 'examples'];

/** Rules and threats without a test or defined twice, and ids that are nowhere defined. */
export function checkRules(files: readonly SourceFile[]): string[] {
  const specs = files.filter(({ path }) => path.endsWith('/SPEC.md'));
  const sources = files.filter(({ path }) => CODE.some((end) => path.endsWith(end)));
  const rules = definedRules(specs);
  const threats = definedThreats(files.find(({ path }) => path === THREATS) ?? { path: THREATS, text: '' });
  const titles = titledIds(sources);
  const defined = new Set([...rules, ...threats.all].map(({ id }) => id));
  const tested = new Set(titles.map(({ id }) => id));
  return [
    ...rules.filter((rule, index) => rules.findIndex(({ id }) => id === rule.id) < index).map(say('is defined twice')),
    ...rules.filter(({ id }) => !tested.has(id)).map(say('has no test')),
    ...threats.applying.filter(({ id }) => !tested.has(id)).map(say('applies and has no test')),
    ...titles.filter(({ id }) => !defined.has(id)).map(say('is in a title and nowhere defined')),
    ...citedIds([...sources, ...specs])
      .filter(({ id }) => !defined.has(id))
      .map(say('is cited and nowhere defined')),
  ];
}

function say(what: string): (mention: Mention) => string {
  return ({ id, path, line }) => `${path}:${line}: ${id} ${what}`;
}

if (import.meta.main) {
  const { values } = parseArgs({ options: { break: { type: 'string' }, seed: { type: 'string' } } });
  if (values.break === undefined) {
    const files = [
      ...readTree(RULED, CODE),
      ...readTree(['src', 'web'], 'SPEC.md'),
      ...readTree(['docs'], 'threats.md'),
    ];
    finish(checkRules(files), `${files.length} files: every rule has a test, every id exists`);
  } else {
    await breakRules(Number(values.break), values.seed);
  }
}
