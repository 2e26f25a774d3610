import { type Platform, withDefaults } from '../../../lib/platform.ts';
import { singleRequest } from '../../../lib/single-request.ts';
import { codec, type Outgoing } from './codec.ts';
import { DocumentsError } from './error.ts';
import type { DataOf } from './requests.ts';
import { outcomeOf } from './requests.ts';

const REGISTER_MS = 20_000;

/** The new account. */
export type RegisterOptions = {
  readonly name: string;
  readonly password: string;
  readonly displayName?: string;
  readonly platform?: Partial<Platform>;
};

/** Makes an account, without logging in. Rejects as `connect` does. */
export async function register(url: string, { platform = {}, ...account }: RegisterOptions): Promise<void> {
  const request: Outgoing = { type: 'request', cls: 'register', data: accountData(account) };
  const failure = (reason: string) => new DocumentsError('offline', reason);
  const { reply } = await singleRequest({ url, request, codec, failure }, REGISTER_MS, withDefaults(platform));
  const outcome = outcomeOf(reply);
  if (outcome instanceof DocumentsError) throw outcome; // DOC-203
}

/** What `register` says of an account. */
export function accountData({ name, password, displayName }: Omit<RegisterOptions, 'platform'>): DataOf<'register'> {
  return { username: name, password, ...(displayName === undefined ? {} : { display_name: displayName }) };
}
