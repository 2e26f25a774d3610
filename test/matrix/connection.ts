import { once } from 'node:events';
import { connect } from 'node:net';
import { WebSocket } from 'ws';
import { resetSocket } from '../../testing/transports/reset-socket.ts';
import { openZeroMq } from './zeromq-connection.ts';
import { openZmtp } from './zmtp-connection.ts';

/** How a connection ended: the WebSocket's code and reason; a null code on other transports. */
export type CloseInfo = { readonly code: number | null; readonly reason: string };

/** A client's connection. A frame is a text; in a binary protocol one character (latin1) stands for each byte. */
export type Connection = {
  send(frame: string): void;
  /** Closes in the usual way of the transport. */
  close(): void;
  /** Ends the connection without a goodbye. */
  cut(): void;
  /** Reads nothing more until `resume`. */
  pause(): void;
  resume(): void;
  readonly ended: Promise<CloseInfo>;
};

/** `zeromq` is libzmq; `zmtp` speaks the same without it. */
export type Transport = 'websocket' | 'tcp' | 'zeromq' | 'zmtp';

/** How the frames of a protocol are written, and found in a stream. */
export type FrameFormat = {
  readonly encoding: 'utf8' | 'latin1';
  /** Follows each frame in a stream. */
  readonly end: string;
  /** The bytes of the first frame and its end; null while it is incomplete. `pending` are the unanswered requests, in order. */
  lengthOf(bytes: Buffer, pending: readonly string[]): number | null;
};

/** One line for each frame. */
export const lineFrames: FrameFormat = {
  encoding: 'utf8',
  end: '\n',
  lengthOf: (bytes) => bytes.indexOf(0x0a) + 1 || null,
};

export type FrameListener = {
  /** Is given each frame without its end. */
  receive(frame: string): void;
  pending(): readonly string[];
};

type Open = (port: number, format: FrameFormat, listener: FrameListener) => Promise<Connection>;

const OPEN: { readonly [T in Transport]: Open } = {
  websocket: openWebSocket,
  tcp: openTcp,
  zeromq: openZeroMq,
  zmtp: (port, _, listener) => openZmtp((...stream) => openTcp(port, ...stream), listener),
};

/** Connects to a server on this machine. */
export function openConnection(transport: Transport, ...args: Parameters<Open>): Promise<Connection> {
  return OPEN[transport](...args);
}

async function openWebSocket(port: number, { encoding }: FrameFormat, { receive }: FrameListener): Promise<Connection> {
  const socket = new WebSocket(`ws://127.0.0.1:${port}/`);
  const binary = encoding === 'latin1';
  socket.on('message', (data: Buffer, isBinary) =>
    receive(isBinary === binary ? data.toString(encoding) : `a frame of the wrong kind: ${data.toString('latin1')}`),
  );
  const ended = new Promise<CloseInfo>((resolve) => {
    socket.on('close', (code, reason) => resolve({ code, reason: reason.toString() }));
  });
  await once(socket, 'open');
  socket.on('error', () => {});
  return {
    send: (frame) => socket.send(Buffer.from(frame, encoding), { binary }),
    close: () => socket.close(1000),
    cut: () => socket.terminate(),
    pause: () => socket.pause(),
    resume: () => socket.resume(),
    ended,
  };
}

async function openTcp(
  port: number,
  { encoding, end, lengthOf }: FrameFormat,
  { receive, pending }: FrameListener,
): Promise<Connection> {
  const socket = connect({ port, host: '127.0.0.1', noDelay: true });
  await once(socket, 'connect');
  socket.on('error', () => {});
  let rest = Buffer.alloc(0);
  socket.on('data', (bytes: Buffer) => {
    rest = Buffer.concat([rest, bytes]);
    for (let length = lengthOf(rest, pending()); length !== null; length = lengthOf(rest, pending())) {
      const frame = rest.toString(encoding, 0, length - end.length);
      rest = rest.subarray(length);
      receive(frame);
    }
  });
  const ended = new Promise<CloseInfo>((resolve) => {
    socket.on('close', () => resolve({ code: null, reason: '' }));
  });
  return {
    send: (frame) => void socket.write(Buffer.from(`${frame}${end}`, encoding)),
    close: () => void socket.end(),
    cut: () => resetSocket(socket),
    pause: () => void socket.pause(),
    resume: () => void socket.resume(),
    ended,
  };
}
