import type { Call } from './strace.ts';

const SYNCS = new Set(['fdatasync', 'fsync']);
const LOG = /^\w+\(\d+<[^>]*parlance\.db-wal>/;
const SOCKET = /^(?:write|writev|sendto|sendmsg)\(\d+<TCPv?6?:\[/;
const TOKEN = /token-\d+-end/g;
const BODY = /"body":"([A-Za-z0-9+/=]+)"/g;
const NONE = /(?!)/g;
const PEER = /->\[?[^\]]*?\]?:(\d+)\]>/;

/** What was asked from one port, in order (null: something that is no message), and what an answer looks like. */
export type Asked = { readonly said: readonly (string | null)[]; readonly answer: RegExp };

/**
 * What left the process too early: every token written to a socket, and the n-th acknowledgement to a port for the n-th
 * token asked there, must begin after a sync of the log that itself began after the token was written to the log.
 */
export function tooEarly(calls: readonly Call[], asked: ReadonlyMap<number, Asked>): string[] {
  const logged = new Map<string, number>();
  for (const { name, text, ended } of calls) {
    if (name !== 'pwrite64' || !LOG.test(text)) continue;
    for (const [token] of text.matchAll(TOKEN)) if (!logged.has(token)) logged.set(token, ended);
  }
  const syncs = calls.filter(({ name, text }) => SYNCS.has(name) && LOG.test(text));
  const isSynced = (token: string, before: number) => {
    const written = logged.get(token);
    return written !== undefined && syncs.some(({ began, ended }) => began > written && ended < before);
  };
  const early: string[] = [];
  const acknowledged = new Map<number, number>();
  for (const { text, began } of calls.filter(({ text }) => SOCKET.test(text))) {
    const written = writtenBytes(text);
    for (const token of tokensIn(written))
      if (!isSynced(token, began)) early.push(`${token} was shown before it was synced`);
    const port = Number(PEER.exec(text)?.[1]);
    const { said, answer } = asked.get(port) ?? { said: [], answer: NONE };
    for (const _ of written.matchAll(answer)) {
      const count = acknowledged.get(port) ?? 0;
      acknowledged.set(port, count + 1);
      const token = said[count] ?? null;
      if (token !== null && !isSynced(token, began)) early.push(`${token} was acknowledged before it was synced`);
    }
  }
  return early;
}

/** All tokens in what was written, in base64 too. */
function tokensIn(written: string): string[] {
  const bodies = Array.from(written.matchAll(BODY), ([, body = '']) => Buffer.from(body, 'base64').toString('latin1'));
  return [written, ...bodies].flatMap((where) => Array.from(where.matchAll(TOKEN), ([token]) => token));
}

/** What a call wrote, as latin1: strace writes quotes and what is no ASCII with backslashes. */
function writtenBytes(call: string): string {
  return call.replace(/\\(?:([0-7]{1,3})|(.))/g, (_, octal?: string, char?: string) =>
    octal === undefined ? (char ?? '') : String.fromCharCode(Number.parseInt(octal, 8)),
  );
}
