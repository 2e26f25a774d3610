import { singleRequest } from '../../lib/single-request.ts';
import { withDefaults } from '../../lib/platform.ts';
import { failure, connectionError } from './client-error.ts';
import { hashOf, type Platform } from './client-platform.ts';
import { codec } from './client-state.ts';
import type { Up } from './schema.ts';

const REGISTER_MS = 20_000;

/** The new account. */
export type RegisterOptions = {
  readonly name: string;
  readonly password: string;
  readonly displayName?: string;
  readonly platform?: Partial<Platform>;
};

/** Makes an account, without logging in. Rejects as `connect` does. */
export async function register(
  url: string,
  { name, password, displayName, platform = {} }: RegisterOptions,
): Promise<void> {
  const hash = await hashOf(password, platform.sha256);
  const request: Up = { message: 'register', username: name, password: hash, ...display(displayName) };
  const offline = (reason: string) => connectionError('offline', reason);
  const { reply } = await singleRequest({ url, request, codec, failure: offline }, REGISTER_MS, withDefaults(platform));
  if (reply.result !== 201) throw failure(reply);
}

/** The field of a request for a display name, if there is one. */
export function display(name: string | undefined): { display_name?: string } {
  return name === undefined ? {} : { display_name: name };
}
