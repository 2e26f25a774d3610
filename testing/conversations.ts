import { once } from 'node:events';
import { connect } from 'node:net';
import { WebSocket } from 'ws';
import { LineSplitter } from '../src/lib/lines.ts';
import type { MemoryPeer } from '../src/transports/memory.ts';
import type { Conversation } from './transcript.ts';

/** Only a test that fails waits so long, however busy the machine is. */
const PATIENCE_MS = 60_000;
const MAX_LINE = 1 << 20;
const encoder = new TextEncoder();
const decoder = new TextDecoder();

/** Lines that came and were not read yet, for one reader who gives up after a minute. */
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
      await withinPatience(this.#arrived.promise);
      return this.next();
    }
    if (line !== null) this.#lines.shift();
    return line;
  }
}

/** Rejects if this takes a minute: what a test waits for on a real socket never does. */
export async function withinPatience<T>(promise: Promise<T>): Promise<T> {
  const late = Promise.withResolvers<never>();
  const timer = setTimeout(() => late.reject(new Error('nothing came')), PATIENCE_MS);
  try {
    return await Promise.race([promise, late.promise]);
  } finally {
    clearTimeout(timer);
  }
}

/** Lines over raw TCP. */
export async function tcpConversation(port: number, host = '127.0.0.1'): Promise<Conversation> {
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
export async function webSocketConversation(url: string): Promise<Conversation> {
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

/** The peer's side of a pair of memory links; `settle` lets everything under way come to its end. */
export function memoryConversation(
  peer: MemoryPeer,
  framing: 'stream' | 'message',
  settle: () => Promise<void>,
): Conversation {
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
