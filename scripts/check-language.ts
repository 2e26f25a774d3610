// Checks what the linter has no rule for: no module state, no clock outside of the ports, no test that is skipped.
import { viewsOf } from './lib/source.ts';
import { CODE, FOLDERS, finish, isTest, readTree, type SourceFile } from './lib/tree.ts';

type Rule = { readonly pattern: RegExp; readonly applies: (path: string) => boolean; readonly why: string };

/** Code that may read the clock; `.oxlintrc.json` has the same list for timers and random numbers. */
const MAY_READ_CLOCK = /^src\/(?:server|transports)\/|^src\/protocols\/[^/]+\/client\.ts$/;

/** Code in which module state would be shared by tests or servers. A program that a test starts has its own process. */
const isStateless = (path: string) => /^(?:src|web|testing)\//.test(path) && !path.endsWith('.child.ts');

const RULES: readonly Rule[] = [
  {
    pattern: /^(?:export )?(?:let|var) /gm,
    applies: isStateless,
    why: 'a module has no state; put it in a class or a function',
  },
  {
    pattern: /^(?:export )?const \w+(?:: [^=]+)? = (?:new (?:Map|Set|WeakMap|WeakSet)(?:<.*>)?\(\)|\[\]|\{\});/gm,
    applies: isStateless,
    why: 'an empty collection of a module is state; put it in a class or a function',
  },
  {
    pattern: /\bnew Date\(\)|\bDate\(\)/g,
    applies: (path) => path.startsWith('src/') && !MAY_READ_CLOCK.test(path) && !isTest(path),
    why: 'use the port Clock',
  },
  {
    pattern:
      /\b(?:test|it|describe|suite)(?:\.(?:only|skip|todo)\b|\([^{]*\{ (?:only|skip|todo):)|\.(?:skip|todo)\(\s*\)/g,
    applies: isTest,
    why: 'every test runs, or gives a reason: `skip(reason)`',
  },
];

/** The violations in these files. */
export function checkLanguage(files: readonly SourceFile[]): string[] {
  return files.flatMap(({ path, text }) => {
    const { code } = viewsOf(text);
    const lineAt = (index: number) => code.slice(0, index).split('\n').length;
    return RULES.filter(({ applies }) => applies(path)).flatMap(({ pattern, why }) =>
      [...code.matchAll(pattern)].map((found) => `${path}:${lineAt(found.index)}: ${found[0].trim()}: ${why}`),
    );
  });
}

if (import.meta.main) {
  const files = readTree(FOLDERS, CODE);
  finish(checkLanguage(files), `${files.length} files: no module state, every test runs`);
}
