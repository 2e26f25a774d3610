import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { protocols } from '../../protocols/index.ts';
import type { Config } from '../config/schema.ts';
import { PROJECT } from './load.ts';

/** What the page must know of the server before it connects. */
export type WebFacts = {
  readonly name: string;
  readonly protocols: readonly { readonly name: string; readonly title: string }[];
  readonly registration: 'open' | 'closed';
  /** Whether one may come in without an account. */
  readonly guests: boolean;
  /** The most bytes of a file that somebody sends. */
  readonly maxFileBytes: number;
  readonly version: string;
};

/** The facts for the page. */
export function webFacts({ name, registration, files }: Config): WebFacts {
  const { version } = JSON.parse(readFileSync(join(PROJECT, 'package.json'), 'utf8')) as { readonly version: string };
  const spoken = protocols.map((protocol) => ({ name: protocol.name, title: protocol.title }));
  return { name, protocols: spoken, registration, guests: true, maxFileBytes: files.max_mebibytes * 2 ** 20, version };
}
