const utf8 = new TextEncoder();

/** SHA-256 of some bytes. Browsers have one of their own only on pages that came over TLS or from the same machine. */
export type Sha256 = (bytes: Uint8Array<ArrayBuffer>) => Promise<ArrayBuffer>;

/** SHA-256 of the password's UTF-8, in hex: what goes over the wire in its place. */
export async function hashOf(password: string, sha256: Sha256 = ownSha256): Promise<string> {
  const digest = new Uint8Array(await sha256(utf8.encode(password))); // TAG-82
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

function ownSha256(bytes: Uint8Array<ArrayBuffer>): Promise<ArrayBuffer> {
  return crypto.subtle.digest('SHA-256', bytes);
}
