// What the linter has no rule for: state of a module, the present as a default, tests that do not run.
import { viewsOf } from './lib/source.ts';
import { FOLDERS, finish, isTest, readTree, type SourceFile } from './lib/tree.ts';

type Ban = { readonly pattern: RegExp; readonly holds: (path: string) => boolean; readonly why: string };

/** Where the present and chance may come from; `.oxlintrc.json` has the same list for the other sources of both. */
const OUTSIDE = /^src\/(?:server|transports)\/|^src\/protocols\/[^/]+\/client\.ts$/;

/** Where state would outlive a test or be shared by two servers; a program that a test starts has its own process. */
const holdsNoState = (path: string) => /^(?:src|testing)\//.test(path) && !path.endsWith('.child.ts');

const BANS: readonly Ban[] = [
  {
    pattern: /^(?:export )?(?:let|var) /gm,
    holds: holdsNoState,
    why: 'a module has no state; put it in a class or a function',
  },
  {
    pattern: /^(?:export )?const \w+(?:: [^=]+)? = (?:new (?:Map|Set|WeakMap|WeakSet)(?:<.*>)?\(\)|\[\]|\{\});/gm,
    holds: holdsNoState,
    why: 'an empty collection of a module is state; put it in a class or a function',
  },
  {
    pattern: /\bnew Date\(\)|\bDate\(\)/g,
    holds: (path) => path.startsWith('src/') && !OUTSIDE.test(path) && !isTest(path),
    why: 'take the port Clock',
  },
  {
    pattern:
      /\b(?:test|it|describe|suite)(?:\.(?:only|skip|todo)\b|\([^{]*\{ (?:only|skip|todo):)|\.(?:skip|todo)\(\s*\)/g,
    holds: isTest,
    why: 'every test runs, or says in `skip(reason)` why it cannot run here',
  },
];

/** What is written in these files and should not be. */
export function checkLanguage(files: readonly SourceFile[]): string[] {
  return files.flatMap(({ path, text }) => {
    const { code } = viewsOf(text);
    const lineAt = (index: number) => code.slice(0, index).split('\n').length;
    return BANS.filter(({ holds }) => holds(path)).flatMap(({ pattern, why }) =>
      [...code.matchAll(pattern)].map((found) => `${path}:${lineAt(found.index)}: ${found[0].trim()}: ${why}`),
    );
  });
}

if (import.meta.main) {
  const files = readTree(FOLDERS, '.ts');
  finish(checkLanguage(files), `${files.length} files: no module state, every test runs`);
}
