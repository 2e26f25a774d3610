import { importsOf } from './imports.ts';
import type { SourceFile } from './tree.ts';

/** Modules that open no socket, process or worker and write no file. A test that imports any other is not pure. */
const HARMLESS =
  /^(?:node:(?:assert\/strict|buffer|crypto|events|module|path|test|url|util|zlib)|fast-check|@msgpack\/msgpack|typebox(?:\/\w+)?|.*\.json)$/;
/** Imports of read-only functions from modules that can do more. */
const READ_ONLY =
  /^import \{ (?:(?:type \w+|isIP(?:v[46])?|existsSync|readdirSync|readFileSync|setImmediate)(?:, )?)+ \} from '[^']+';$/gm;

/** The test files that, with all their imports, touch nothing outside of their process, so that they can share one. */
export function pureTests(files: readonly SourceFile[]): string[] {
  const imports = new Map(files.map((file) => [file.path, runtimeImports(file)]));
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

function runtimeImports({ path, text }: SourceFile): string[] {
  const imports = importsOf({ path, text: text.replaceAll(READ_ONLY, '') });
  return imports.filter(({ typeOnly }) => !typeOnly).map(({ target }) => target);
}
