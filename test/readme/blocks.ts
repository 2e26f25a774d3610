import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from '../../scripts/lib/tree.ts';

/** A block of code of README.md. */
export type Block = { readonly heading: string; readonly language: string; readonly lines: readonly string[] };

/** The blocks of README.md in their order. */
export function readmeBlocks(): readonly Block[] {
  const page = readFileSync(join(ROOT, 'README.md'), 'utf8');
  let heading = '';
  return [...page.matchAll(/^## (.*)$|^```(\w*)\n([^]*?)\n```$/gm)].flatMap(([, title, language = '', code = '']) => {
    if (title === undefined) return [{ heading, language, lines: code.split('\n') }];
    heading = title;
    return [];
  });
}

/** What a block prints, as a pattern: numbers of many digits and ids may be others. */
export function printed(line: string): RegExp {
  const literal = line.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`);
  return new RegExp(
    `^${literal.replaceAll(/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, '[0-9a-f-]{36}').replaceAll(/\d{13}/g, '\\d{13}')}$`,
  );
}
