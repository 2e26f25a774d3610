import type { Call } from './strace.ts';

const SYNCS = new Set(['fdatasync', 'fsync']);
const LOG = /^\w+\(\d+<[^>]*parlance\.db-wal>/;
const SOCKET = /^(?:write|writev|sendto|sendmsg)\(\d+<TCPv?6?:\[/;
const TOKEN = /token-\d+-end/g;
const BODY = /"body":"([A-Za-z0-9+/=]+)"/g;
const NONE = /(?!)/g;
const PEER = /->\[?[^\]]*?\]?:(\d+)\]>/;

/** The requests from one port in order, null where one is no message, and what an answer looks like. */
export type Asked = { readonly sent: readonly (string | null)[]; readonly answer: RegExp };

/**
 * What the process sent too early. A token was shown, or the n-th request of a port answered, only after a sync of the
 * log that began after the token had been written to the log.
 */
export function sentBeforeSync(calls: readonly Call[], asked: ReadonlyMap<number, Asked>): string[] {
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
    const { sent, answer } = asked.get(port) ?? { sent: [], answer: NONE };
    for (const _ of written.matchAll(answer)) {
      const count = acknowledged.get(port) ?? 0;
      acknowledged.set(port, count + 1);
      const token = sent[count] ?? null;
      if (token !== null && !isSynced(token, began)) early.push(`${token} was acknowledged before it was synced`);
    }
  }
  return early;
}

/** The tokens in these bytes, also in base64. */
function tokensIn(written: string): string[] {
  const bodies = Array.from(written.matchAll(BODY), ([, body = '']) => Buffer.from(body, 'base64').toString('latin1'));
  return [written, ...bodies].flatMap((where) => Array.from(where.matchAll(TOKEN), ([token]) => token));
}

/** The bytes that a call wrote, as latin1. strace escapes quotes and non-ASCII bytes by backslashes. */
function writtenBytes(call: string): string {
  return call.replace(/\\(?:([0-7]{1,3})|(.))/g, (_, octal?: string, char?: string) =>
    octal === undefined ? (char ?? '') : String.fromCharCode(Number.parseInt(octal, 8)),
  );
}
