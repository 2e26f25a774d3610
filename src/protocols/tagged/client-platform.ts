import type { Platform as CommonPlatform } from '../../lib/platform.ts';

const utf8 = new TextEncoder();

/** What a client needs from its platform. Everything has a default, except a WebSocket on platforms without one. */
export type Platform = CommonPlatform & {
  /** Browsers have a default only on pages that came over TLS or from the same machine. */
  readonly sha256: (bytes: Uint8Array<ArrayBuffer>) => Promise<ArrayBuffer>;
};

/** SHA-256 of the password in NFC and UTF-8, in hex. The client sends it instead of the password. */
export async function hashOf(password: string, sha256: Platform['sha256'] = ownSha256): Promise<string> {
  const digest = new Uint8Array(await sha256(utf8.encode(password.normalize('NFC')))); // TAG-82
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

function ownSha256(bytes: Uint8Array<ArrayBuffer>): Promise<ArrayBuffer> {
  return crypto.subtle.digest('SHA-256', bytes);
}
