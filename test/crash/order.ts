import type { Call } from './strace.ts';

const SYNCS = new Set(['fdatasync', 'fsync']);
const LOG = /^\w+\(\d+<[^>]*parlance\.db-wal>/;
const SOCKET = /^(?:write|writev|sendto|sendmsg)\(\d+<TCPv?6?:\[/;
const TOKEN = /token-\d+-end/g;
const PEER = /->\[?[^\]]*?\]?:(\d+)\]>/;

/**
 * What left the process too early: every token written to a socket, and the n-th acknowledgement to a port for the n-th
 * token asked there, must begin after a sync of the log that itself began after the token was written to the log.
 */
export function tooEarly(calls: readonly Call[], asked: ReadonlyMap<number, readonly string[]>): string[] {
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
    for (const [token] of text.matchAll(TOKEN))
      if (!isSynced(token, began)) early.push(`${token} was shown before it was synced`);
    const port = Number(PEER.exec(text)?.[1]);
    for (const _ of text.matchAll(/c2\/ACKNOWLEDGE/g)) {
      const count = acknowledged.get(port) ?? 0;
      acknowledged.set(port, count + 1);
      const token = count === 0 ? undefined : asked.get(port)?.[count - 1];
      if (token !== undefined && !isSynced(token, began)) early.push(`${token} was acknowledged before it was synced`);
    }
  }
  return early;
}
