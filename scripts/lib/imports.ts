import { posix } from 'node:path';
import { viewsOf } from './source.ts';
import type { SourceFile } from './tree.ts';

/** An import or re-export. A relative target becomes a path from the project's root. */
export type Import = { readonly target: string; readonly typeOnly: boolean; readonly line: number };

const STATIC = /^(?:import|export)\b([^'";]*?\bfrom\s*)?\s*'([^']+)'/gm;
const DYNAMIC = /\bimport\('([^']+)'\)/g;

/** The imports of a file whose target is a literal, dynamic ones too. */
export function importsOf({ path, text }: SourceFile): Import[] {
  const code = viewsOf(text).uncommented;
  const found = [...code.matchAll(STATIC), ...code.matchAll(DYNAMIC)];
  return found.map((match) => {
    const target = match.at(-1) ?? '';
    return {
      target: target.startsWith('.') ? posix.join(posix.dirname(path), target) : target,
      typeOnly: /^(?:import|export) type\b/.test(match[0]),
      line: code.slice(0, match.index).split('\n').length,
    };
  });
}
