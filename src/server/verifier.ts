/** The costs of a hash: memory in KiB, passes over it, and lanes. */
export type Costs = { readonly memory: number; readonly passes: number; readonly parallelism: number };

/** The stored part of a password: its argon2id digest, with the parameters that produced it. */
export type Verifier = { readonly costs: Costs; readonly salt: Buffer; readonly digest: Buffer };

/** A PHC string: `$argon2id$v=19$m=19456,t=2,p=1$salt$digest`, in base64 without padding. */
const PHC =
  /^\$argon2id\$v=19\$m=([1-9]\d{0,5}),t=([1-9]\d?),p=([1-9]\d?)\$([A-Za-z0-9+/]{11,86})\$([A-Za-z0-9+/]{22,86})$/;

/** A verifier as text. */
export function writeVerifier({ costs, salt, digest }: Verifier): string {
  const { memory, passes, parallelism } = costs;
  return `$argon2id$v=19$m=${memory},t=${passes},p=${parallelism}$${base64(salt)}$${base64(digest)}`;
}

/** Reads a verifier; null for a damaged one, or one whose costs are impossible or absurdly high. */
export function readVerifier(text: string): Verifier | null {
  const [, memory, passes, parallelism, salt = '', digest = ''] = PHC.exec(text) ?? [];
  const costs = { memory: Number(memory), passes: Number(passes), parallelism: Number(parallelism) };
  if (!(costs.memory >= 8 * costs.parallelism)) return null; // SERVER-74
  return { costs, salt: Buffer.from(salt, 'base64'), digest: Buffer.from(digest, 'base64') };
}

function base64(bytes: Buffer): string {
  return bytes.toString('base64').replace(/=+$/, '');
}
