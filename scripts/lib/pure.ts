import { importsOf } from './imports.ts';
import type { SourceFile } from './tree.ts';

/** These open no socket, no process and no worker, and write no file. A test that loads anything else is not pure. */
const HARMLESS =
  /^(?:node:(?:assert\/strict|buffer|crypto|events|module|path|test|url|util|zlib)|fast-check|@msgpack\/msgpack|typebox(?:\/\w+)?|.*\.json)$/;
/** Imports of functions that only look, from modules that can do more. */
const ONLY_LOOKS =
  /^import \{ (?:(?:type \w+|isIP(?:v[46])?|existsSync|readdirSync|readFileSync|setImmediate)(?:, )?)+ \} from '[^']+';$/gm;

/** The test files that, with all they import, touch nothing outside their process: these may share one. */
export function pureTests(files: readonly SourceFile[]): string[] {
  const imports = new Map(files.map((file) => [file.path, loadedBy(file)]));
  const isPure = (path: string) => {
    const reached = new Set([path]);
    for (const file of reached) {
      for (const target of imports.get(file) ?? []) {
        if (imports.has(target)) reached.add(target);
        else if (!HARMLESS.test(target)) return false;
      }
    }
    return true;
  };
  return files.map(({ path }) => path).filter((path) => path.endsWith('.test.ts') && isPure(path));
}

function loadedBy({ path, text }: SourceFile): string[] {
  const imports = importsOf({ path, text: text.replaceAll(ONLY_LOOKS, '') });
  return imports.filter(({ typeOnly }) => !typeOnly).map(({ target }) => target);
}
