import { type RawData, WebSocket } from 'ws';
import type { Clock } from '../../core/ports.ts';
import { MAX_ANSWER_BYTES, MAX_HEAD_BYTES, PingConnection, type PingTarget } from './ping-connection.ts';
import { hasId, isPong } from './pong.ts';

/**
 * Opens a WebSocket, asks for the server's id, and closes. Resolves with the milliseconds until the right answer; null if it does
 * not come before `deadline` aborts. The connection is gone by then.
 */
export function exchangePing(
  target: PingTarget,
  id: number,
  clock: Pick<Clock, 'monotonic'>,
  deadline: AbortSignal,
): Promise<number | null> {
  const { promise, resolve } = Promise.withResolvers<number | null>();
  const connection = new PingConnection();
  const ws = openWebSocket(target, connection);
  let sentAt = 0;
  const end = (ms: number | null) => {
    resolve(ms);
    ws.terminate();
    connection.destroy(); // LIST-57
  };
  const giveUp = () => end(null);
  ws.on('error', giveUp);
  ws.on('close', giveUp);
  ws.on('upgrade', () => connection.headIsRead());
  ws.on('open', () => {
    sentAt = clock.monotonic();
    ws.send('c2/PING');
  });
  ws.on('message', (data: RawData, isBinary: boolean) => {
    const text = data.toString();
    if (isBinary || !isPong(text)) return; // LIST-54
    const isRight = hasId(text, id) && !connection.isOver; // LIST-55
    end(isRight ? Math.max(0, Math.round(clock.monotonic() - sentAt)) : null);
  });
  deadline.addEventListener('abort', giveUp, { once: true });
  if (deadline.aborted) giveUp();
  return promise.finally(() => deadline.removeEventListener('abort', giveUp));
}

/** It sends no Origin, no cookies and no subprotocol. It has no time limits of its own: the deadline is for all of a ping. */
function openWebSocket(target: PingTarget, connection: PingConnection): WebSocket {
  const host = target.host.includes(':') ? `[${target.host}]` : target.host;
  return new WebSocket(`${target.isSecure ? 'wss' : 'ws'}://${host}:${target.port}/`, {
    createConnection: () => connection.open(target),
    followRedirects: false, // LIST-53
    perMessageDeflate: false,
    maxPayload: MAX_ANSWER_BYTES,
    maxHeaderSize: MAX_HEAD_BYTES, // LIST-55
  });
}
