import { createHash } from 'node:crypto';

/** How one logs in by a protocol: what to send, and what of the answer says what came of it. */
export type Way = {
  readonly protocol: string;
  login(name: string, password: string): Uint8Array;
  outcome(answer: Uint8Array): Outcome;
};

/** How one makes an account by a protocol; `made` says of the answer whether there is one now. */
export type Maker = {
  readonly protocol: string;
  register(name: string, password: string): Uint8Array;
  made(answer: Uint8Array): boolean;
};

export type Outcome = 'in' | 'wrong' | 'wait';

export function textOf(answer: Uint8Array): string {
  return Buffer.from(answer).toString();
}

/** The first of the JSON objects that came, a line each. */
export function firstObject(answer: Uint8Array): { readonly [field: string]: unknown } {
  return JSON.parse(textOf(answer).split('\n')[0] ?? '') as { readonly [field: string]: unknown };
}

/** Wires that say why in words say that of waiting alike. */
export function refusal(reason: string): Outcome {
  return reason.includes('too fast') ? 'wait' : 'wrong';
}

/** What tagged sends instead of a password. */
export function hashOf(password: string): string {
  return createHash('sha256').update(password).digest('hex');
}
