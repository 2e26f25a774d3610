import type { Log, LogFields } from '../../core/ports.ts';

const HIDDEN = '***';
/** What is between `//` and the last `@` before the path. */
const SIGN_ON = /\/\/([^/?#]*)@/g;
const PARAMETER = /[?&](?:password|sslpassword)=([^&#]*)/g;

/** Returns a function that takes the passwords in these URLs out of a text. */
export function hidePasswords(urls: readonly string[]): (text: string) => string {
  const secrets = new Set(urls.flatMap(passwordsIn).flatMap((secret) => [secret, decoded(secret)]));
  const longestFirst = [...secrets].filter((secret) => secret !== '').toSorted((a, b) => b.length - a.length);
  return (text) => longestFirst.reduce((shown, secret) => shown.replaceAll(secret, HIDDEN), text);
}

/** The same log, without these passwords. */
export function hidingLog(log: Log, hide: (text: string) => string): Log {
  const shown = (fields: LogFields = {}): LogFields =>
    Object.fromEntries(
      Object.entries(fields).map(([name, value]) => [name, typeof value === 'string' ? hide(value) : value]),
    );
  return {
    info: (event, fields) => log.info(event, shown(fields)),
    warn: (event, fields) => log.warn(event, shown(fields)),
    error: (event, fields) => log.error(event, shown(fields)),
  };
}

/** A user without a password is a token, where it is one of NATS. */
function passwordsIn(url: string): string[] {
  const signOns = url.split(',').flatMap((place) => [...place.matchAll(SIGN_ON)].map(([, signOn = '']) => signOn));
  const passwords = signOns.map((signOn) => signOn.slice(signOn.indexOf(':') + 1));
  const isName = (text: string) => url.startsWith('postgres') && signOns.includes(text);
  return [...passwords.filter((text) => !isName(text)), ...[...url.matchAll(PARAMETER)].map(([, value = '']) => value)];
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text; // A percent sign that stands for itself.
  }
}
