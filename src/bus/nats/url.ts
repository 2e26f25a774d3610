import type { NodeConnectionOptions } from '@nats-io/transport-node';
import { err, ok, type Result } from '../../lib/result.ts';

/** Where a bus is, and how the client signs on to it. Tells two buses on the same servers apart by `prefix`. */
export type NatsAddress = {
  /** Each as `host:port`. */
  readonly servers: readonly string[];
  readonly prefix: string;
  readonly credentials: Pick<NodeConnectionOptions, 'user' | 'pass' | 'token' | 'tls'>;
};

const DEFAULT_PREFIX = 'parlance';
const DEFAULT_PORT = '4222';
const PREFIX = /^[\w-]{1,32}(?:\.[\w-]{1,32}){0,3}$/;

/**
 * Reads `nats://[user:password@]host[:port][,...][?prefix=...]`; `tls:` in place of `nats:` demands TLS, a user without a password
 * is a token. The error is a sentence for the operator, without anything of the URL.
 */
export function parseNatsUrl(text: string): Result<NatsAddress, string> {
  const [places = '', query = '', ...rest] = text.split('?');
  const urls = places.split(',').map((place) => urlOf(place.includes('://') ? place : `nats://${place}`));
  const parameters = new URLSearchParams(query);
  const prefix = parameters.get('prefix') ?? DEFAULT_PREFIX;
  if (rest.length > 0 || urls.includes(null)) return err(`a URL of NATS looks like nats://host:${DEFAULT_PORT}`); // BUS-20
  if ([...parameters.keys()].some((key) => key !== 'prefix')) return err('the only parameter is prefix'); // BUS-20
  if (!PREFIX.test(prefix)) return err('the prefix is made of letters, digits, - and _, with dots between them'); // BUS-21
  return addressOf(
    urls.filter((url) => url !== null),
    prefix,
  );
}

function addressOf(urls: readonly URL[], prefix: string): Result<NatsAddress, string> {
  const signOns = new Set(
    urls.flatMap(({ username, password }) => (username === '' ? [] : [`${username}:${password}`])),
  );
  if (signOns.size > 1) return err('all servers take the same user and password'); // BUS-20
  const needsTls = urls.some(({ protocol }) => protocol === 'tls:');
  const [first] = urls.filter(({ username }) => username !== '');
  const user = decodeURIComponent(first?.username ?? '');
  const pass = decodeURIComponent(first?.password ?? '');
  return ok({
    servers: urls.map(({ hostname, port }) => `${hostname}:${port || DEFAULT_PORT}`),
    prefix,
    credentials: {
      ...(pass !== '' ? { user, pass } : user !== '' ? { token: user } : {}),
      ...(needsTls && { tls: {} }),
    },
  });
}

/** Null for what is no URL of one server. */
function urlOf(text: string): URL | null {
  const url = URL.parse(text);
  if (url === null || !['nats:', 'tls:'].includes(url.protocol) || url.hostname === '') return null;
  return ['', '/'].includes(url.pathname) && url.hash === '' && isEncoded(url) ? url : null;
}

/** Whether the percent signs in the user and the password stand for UTF-8. */
function isEncoded({ username, password }: URL): boolean {
  try {
    return decodeURIComponent(username + password) !== null;
  } catch {
    return false;
  }
}
