// Prints the part of Unicode's confusables.txt (UTS #39) that names can meet:
// `node scripts/generate-confusables.ts confusables.txt > src/core/text/names/confusables.data.json`.
import { readFileSync } from 'node:fs';
import { isIdentifier } from '../src/core/text/names/precis.ts';

const ENTRY = /^\uFEFF?([0-9A-F]+) ;\t([0-9A-F ]+) ;\tMA/gm;

function textOf(codes: string): string {
  return String.fromCodePoint(...codes.split(' ').map((code) => Number.parseInt(code, 16)));
}

function codesOf(text: string): string {
  return [...text].map((character) => (character.codePointAt(0) ?? 0).toString(16)).join(' ');
}

/** The data file: a line for each prototype with the characters that look like it, in ascending order. */
export function confusablesData(table: string): string {
  const version = /^# Version: ([\d.]+)$/m.exec(table)?.[1];
  if (version === undefined) throw new Error('not a confusables.txt: no line says its version');
  const alike = new Map<string, string[]>();
  for (const [, source = '', prototype = ''] of table.matchAll(ENTRY)) {
    const character = textOf(source);
    // Skeletons are made of NFD, in which composed characters do not occur; names have identifiers only.
    if (!isIdentifier(character) || character.normalize('NFD') !== character) continue;
    const codes = codesOf(textOf(prototype));
    alike.set(codes, [...(alike.get(codes) ?? []), codesOf(character)]);
  }
  const byCode = (a: string, b: string) => Number.parseInt(a, 16) - Number.parseInt(b, 16) || (a < b ? -1 : 1);
  const lines = [...alike.keys()]
    .toSorted(byCode)
    .map((prototype) => `  ${JSON.stringify([prototype, alike.get(prototype)?.toSorted(byCode).join(' ')])}`);
  return `{\n "unicode": "${version}",\n "alike": [\n${lines.join(',\n')}\n ]\n}\n`;
}

if (import.meta.main) {
  const [file] = process.argv.slice(2);
  if (file === undefined) throw new Error('give the path of a confusables.txt');
  process.stdout.write(confusablesData(readFileSync(file, 'utf8')));
}
