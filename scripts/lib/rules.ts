import { viewsOf } from './source.ts';
import { isTest, type SourceFile } from './tree.ts';

/** The id of a rule (`C2-07`) or of a threat (`T12`) at a line of a file. */
export type Mention = { readonly id: string; readonly path: string; readonly line: number };

const RULE = /\b[A-Z][A-Z0-9]*-\d{2,3}\b/;
const THREAT = /\bT\d{1,2}\b/;
const ID = `(?:${RULE.source}|${THREAT.source})`;
const DEFINED_RULE = /^- \*\*([A-Z][A-Z0-9]*-\d{2,3})\*\* /;
const DEFINED_THREAT = /^\| (T\d{1,2}) \|/;
const APPLIES = /\| applies[^|]*\|$/;
/** A literal that begins with ids, after at most one `${...}`; group 1 holds them. */
const TITLE = new RegExp(`(?<=['"\`](?:\\$\\{[^}]*\\}:? )?)${ID}(?: ${ID})*(?=['"\`\\s])`, 'g');
/** Names of standards that look like the id of a rule. */
const STANDARDS = new Set(['UTF-16', 'UTF-32', 'CRC-32', 'SHA-256']);

/** The rules that the `SPEC.md` files define, in order. */
export function definedRules(specs: readonly SourceFile[]): Mention[] {
  return specs.flatMap((spec) => linesMatching(spec, DEFINED_RULE));
}

/** The threats in the table of `docs/threats.md`, and those among them that apply. */
export function definedThreats(table: SourceFile): { readonly all: Mention[]; readonly applying: Mention[] } {
  const lines = table.text.split('\n');
  const all = linesMatching(table, DEFINED_THREAT);
  return { all, applying: all.filter(({ line }) => APPLIES.test(lines[line - 1] ?? '')) };
}

/** The ids at the start of test titles. Every literal in a test file that begins with ids counts as a title. */
export function titledIds(files: readonly SourceFile[]): Mention[] {
  return files
    .filter(({ path }) => isTest(path))
    .flatMap(({ path, text }) => mentions(path, viewsOf(text).uncommented, TITLE));
}

/** The ids in comments and in SPEC.md files. */
export function citedIds(files: readonly SourceFile[]): Mention[] {
  const pattern = new RegExp(ID, 'g');
  return files.flatMap(({ path, text }) =>
    mentions(path, path.endsWith('.md') ? text : viewsOf(text).comments, pattern),
  );
}

function linesMatching({ path, text }: SourceFile, pattern: RegExp): Mention[] {
  return text.split('\n').flatMap((line, index) => {
    const id = pattern.exec(line)?.[1];
    return id === undefined ? [] : [{ id, path, line: index + 1 }];
  });
}

function mentions(path: string, text: string, pattern: RegExp): Mention[] {
  return text.split('\n').flatMap((content, index) => {
    const ids = [...content.matchAll(pattern)].flatMap(([found]) => found.split(' '));
    return ids.filter((id) => !STANDARDS.has(id)).map((id) => ({ id, path, line: index + 1 }));
  });
}
