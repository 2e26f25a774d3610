import { type Stats, statSync } from 'node:fs';
import { stat } from 'node:fs/promises';
import { reasonOf } from '../../lib/reason.ts';

/** Where the certificate (with those of its issuers after it) and its key are, as PEM. */
export type CertificateFiles = { readonly cert: string; readonly key: string };

/** Changes whenever a file may have changed, also when another one takes its place, also behind a symbolic link. */
export async function fileStates({ cert, key }: CertificateFiles): Promise<string> {
  const [first, second] = await Promise.all([cert, key].map((file) => stat(file).catch(reasonOf)));
  return `${described(first)} ${described(second)}`;
}

/** The same at once. */
export function fileStatesNow({ cert, key }: CertificateFiles): string {
  return [cert, key].map((file) => described(statNow(file))).join(' ');
}

function statNow(file: string): Stats | string {
  try {
    return statSync(file);
  } catch (error) {
    return reasonOf(error);
  }
}

function described(state: Stats | string | undefined): string {
  if (state === undefined || typeof state === 'string') return String(state);
  const { dev, ino, size, mtimeMs, ctimeMs } = state;
  return [dev, ino, size, mtimeMs, ctimeMs].join();
}
