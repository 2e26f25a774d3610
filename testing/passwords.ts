import type { Passwords } from '../src/core/ports.ts';
import { digestsOf } from '../src/server/passwords.ts';

/** Passwords that cost nothing and keep nothing secret, by the same rules as the real ones. */
export const fastPasswords: Passwords = {
  hash: async (password) => `fast:${digestsOf(password)[0]}`,
  verify: async (password, verifier) =>
    verifier !== null && digestsOf(password).some((digest) => `fast:${digest}` === verifier),
};

/** Passwords for which too many are waiting always. */
export const busyPasswords: Passwords = { hash: async () => null, verify: async () => null };
