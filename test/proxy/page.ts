import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** The blocks of one language on a page for operators, in order. */
export function blocksOf(language: string, file = 'proxy.md'): readonly string[] {
  const page = readFileSync(fileURLToPath(new URL(`../../docs/${file}`, import.meta.url)), 'utf8');
  return [...page.matchAll(/^```(\w+)\n(.*?)^```$/gms)].flatMap(([, name, text = '']) =>
    name === language ? [text] : [],
  );
}

/** Replaces every such text with what this test has instead; throws if the block has none of them. */
export function filled(block: string, values: Readonly<Record<string, string>>): string {
  return Object.entries(values).reduce((text, [from, to]) => {
    if (!text.includes(from)) throw new Error(`no block has ${from} any more`);
    return text.replaceAll(from, to);
  }, block);
}
