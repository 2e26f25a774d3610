// ARCHITECTURE.md names files and functions. Each of them exists, and each question has one file for an answer.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { viewsOf } from './lib/source.ts';
import { finish, ROOT } from './lib/tree.ts';

const QUESTIONS = 12;
/** `src/a/b.ts`, or `src/a/b.ts:name` for a function, method or class in it. */
const REFERENCE = /`((?:src|web|test|testing|scripts|docs)\/[^`:]*\.\w+)(?::(#?\w+))?`/g;
const QUESTION = /^\| [^|]*\? \|(.*)\|$/gm;

/** What the page names and `read` does not find; `read` gives the text of a file, or null where there is none. */
export function checkArchitecture(page: string, read: (path: string) => string | null): string[] {
  const missing = [...page.matchAll(REFERENCE)].flatMap(([, path = '', name]) => {
    const text = read(path);
    if (text === null) return [`${path}: there is no such file`];
    return name === undefined || defines(text, name) ? [] : [`${path}: it defines no ${name}`];
  });
  const answers = [...page.matchAll(QUESTION)].map(([, answer = '']) => [...answer.matchAll(REFERENCE)].length);
  const vague = answers.filter((count) => count !== 1).length;
  return [
    ...missing,
    ...(vague === 0 ? [] : [`${vague} questions have not one file for an answer`]),
    ...(answers.length >= QUESTIONS ? [] : [`it answers ${answers.length} questions, not ${QUESTIONS}`]),
  ];
}

function defines(text: string, name: string): boolean {
  const word = name.replace('#', '\\#');
  const method = `^  (?:async |static |override |get |\\*)*${word}(?:<.*>)?\\(`;
  return new RegExp(`\\b(?:function|class|const|interface|type) ${word}\\b|${method}`, 'm').test(viewsOf(text).code);
}

if (import.meta.main) {
  const read = (path: string) => (existsSync(join(ROOT, path)) ? readFileSync(join(ROOT, path), 'utf8') : null);
  finish(checkArchitecture(read('ARCHITECTURE.md') ?? '', read), 'ARCHITECTURE.md: every file and function exists');
}
