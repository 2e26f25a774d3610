import { createHash } from 'node:crypto';

/** How a client of one protocol logs in: what to send, and how to read the answer. */
export type LoginMethod = {
  readonly protocol: string;
  login(name: string, password: string): Uint8Array;
  outcome(answer: Uint8Array): Outcome;
};

/** How a client of one protocol makes an account. */
export type RegisterMethod = {
  readonly protocol: string;
  register(name: string, password: string): Uint8Array;
  isRegistered(answer: Uint8Array): boolean;
};

export type Outcome = 'in' | 'wrong' | 'wait';

export function textOf(answer: Uint8Array): string {
  return Buffer.from(answer).toString();
}

/** The first of the JSON objects in an answer, which are a line each. */
export function firstObject(answer: Uint8Array): { readonly [field: string]: unknown } {
  return JSON.parse(textOf(answer).split('\n')[0] ?? '') as { readonly [field: string]: unknown };
}

/** For protocols that give the reason in words. */
export function refusal(reason: string): Outcome {
  return reason.includes('too fast') ? 'wait' : 'wrong';
}

/** Clients of tagged send this instead of the password. */
export function hashOf(password: string): string {
  return createHash('sha256').update(password).digest('hex');
}
