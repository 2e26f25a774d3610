import type { Passwords } from '../src/core/ports.ts';
import { digestsOf } from '../src/server/passwords.ts';

/** Password hashes without cost or secrecy, by the same rules as the real ones. */
export const fastPasswords: Passwords = {
  hash: async (password) => `fast:${digestsOf(password)[0]}`,
  verify: async (password, verifier) =>
    verifier !== null && digestsOf(password).some((digest) => `fast:${digest}` === verifier),
};

/** Passwords whose queue is always full. */
export const busyPasswords: Passwords = { hash: async () => null, verify: async () => null };
