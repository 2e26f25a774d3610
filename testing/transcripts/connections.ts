import { once } from 'node:events';
import { connect } from 'node:net';
import { WebSocket } from 'ws';
import { LineSplitter } from '../../src/lib/lines.ts';
import type { MemoryPeer } from '../transports/memory-link.ts';
import type { TranscriptConnection } from './transcript.ts';

/** Only a failing test waits so long, however busy the machine is. */
const TIMEOUT_MS = 60_000;
const MAX_LINE = 1 << 20;
const encoder = new TextEncoder();
const decoder = new TextDecoder();

/** Received lines for one reader, whose reads reject after a minute. */
export class Inbox {
  readonly #lines: (string | null)[] = [];
  #arrived = Promise.withResolvers<void>();

  /** A line, or `null` for the end. */
  push(line: string | null): void {
    this.#lines.push(line);
    this.#arrived.resolve();
  }

  async next(): Promise<string | null> {
    const [line] = this.#lines;
    if (line === undefined) {
      this.#arrived = Promise.withResolvers();
      await withTimeout(this.#arrived.promise);
      return this.next();
    }
    if (line !== null) this.#lines.shift();
    return line;
  }
}

/** Rejects if the promise takes a minute, which nothing on a real socket does. */
export async function withTimeout<T>(promise: Promise<T>): Promise<T> {
  const late = Promise.withResolvers<never>();
  const timer = setTimeout(() => late.reject(new Error('nothing came')), TIMEOUT_MS);
  try {
    return await Promise.race([promise, late.promise]);
  } finally {
    clearTimeout(timer);
  }
}

/** Lines over TCP. */
export async function tcpConnection(port: number, host = '127.0.0.1'): Promise<TranscriptConnection> {
  const inbox = new Inbox();
  const splitter = new LineSplitter(MAX_LINE);
  const socket = connect({ port, host, noDelay: true });
  await once(socket, 'connect');
  socket.on('error', () => {});
  socket.on('data', (bytes) => {
    for (const line of splitter.push(bytes)) inbox.push(line === 'too-long' ? null : decoder.decode(line));
  });
  socket.on('close', () => inbox.push(null));
  return {
    send: (line) => void socket.write(`${line}\n`),
    next: () => inbox.next(),
    close: () => void socket.end(),
    drop: () => void socket.resetAndDestroy(),
  };
}

/** Text frames over a WebSocket. */
export async function webSocketConnection(url: string): Promise<TranscriptConnection> {
  const inbox = new Inbox();
  const socket = new WebSocket(url);
  socket.on('error', () => {});
  socket.on('message', (data) => inbox.push(data.toString()));
  socket.on('close', () => inbox.push(null));
  await once(socket, 'open');
  return {
    send: (line) => socket.send(line),
    next: () => inbox.next(),
    close: () => socket.close(),
    drop: () => socket.terminate(),
  };
}

/** The client's end of a memory link; `settle` waits until all pending work is done. */
export function memoryConnection(
  peer: MemoryPeer,
  framing: 'stream' | 'message',
  settle: () => Promise<void>,
): TranscriptConnection {
  const lines: string[] = [];
  const take = () => {
    if (framing === 'message') lines.push(...peer.takeMessages().map((bytes) => decoder.decode(bytes)));
    else lines.push(...decoder.decode(peer.take()).split('\n').slice(0, -1));
  };
  return {
    send: (line) => peer.send(encoder.encode(framing === 'message' ? line : `${line}\n`)),
    async next() {
      take();
      if (lines.length === 0) await settle();
      take();
      const line = lines.shift();
      if (line === undefined && !peer.isClosed) throw new Error('nothing came');
      return line ?? null;
    },
    close: () => peer.close(),
    drop: () => peer.close(),
  };
}
