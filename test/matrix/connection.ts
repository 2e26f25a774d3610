import { once } from 'node:events';
import { connect } from 'node:net';
import { WebSocket } from 'ws';
import { openZeroMq } from './zeromq-connection.ts';

/** How a connection ended: the WebSocket's code and reason, null where the link has none. */
export type Ending = { readonly code: number | null; readonly reason: string };

/** One connection of a client. A frame is a text; of a binary protocol it has one character (latin1) for each byte. */
export type Connection = {
  send(frame: string): void;
  /** Ends it as one hangs up. */
  close(): void;
  /** Ends it without a word: the line is cut. */
  cut(): void;
  /** Takes nothing of what comes until `resume`, and gives no sign that it came. */
  pause(): void;
  resume(): void;
  readonly ended: Promise<Ending>;
};

export type Transport = 'websocket' | 'tcp' | 'zeromq';

/** How the frames of a protocol are written, and cut out of a stream. */
export type Framing = {
  readonly encoding: 'utf8' | 'latin1';
  /** What stands after each frame in a stream. */
  readonly end: string;
  /** How many bytes of a stream the first frame takes, with its end; null while it is not whole. `asked` waits for answers, in this order. */
  lengthOf(bytes: Buffer, asked: readonly string[]): number | null;
};

/** Of texts without line breaks: a line each. */
export const lines: Framing = {
  encoding: 'utf8',
  end: '\n',
  lengthOf: (bytes) => bytes.indexOf(0x0a) + 1 || null,
};

/** Who hears each frame, without its end, and what of this client's waits for an answer. */
export type Listener = {
  hear(frame: string): void;
  asked(): readonly string[];
};

type Open = (port: number, framing: Framing, listener: Listener) => Promise<Connection>;

const open: { readonly [T in Transport]: Open } = { websocket: openWebSocket, tcp: openTcp, zeromq: openZeroMq };

/** Connects to a server on this machine. */
export function openWire(
  transport: Transport,
  port: number,
  framing: Framing,
  listener: Listener,
): Promise<Connection> {
  return open[transport](port, framing, listener);
}

async function openWebSocket(port: number, { encoding }: Framing, { hear }: Listener): Promise<Connection> {
  const socket = new WebSocket(`ws://127.0.0.1:${port}/`);
  const binary = encoding === 'latin1';
  socket.on('message', (data: Buffer, isBinary) =>
    hear(isBinary === binary ? data.toString(encoding) : `a frame of the wrong kind: ${data.toString('latin1')}`),
  );
  const ended = new Promise<Ending>((resolve) => {
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
  { encoding, end, lengthOf }: Framing,
  { hear, asked }: Listener,
): Promise<Connection> {
  const socket = connect({ port, host: '127.0.0.1', noDelay: true });
  await once(socket, 'connect');
  socket.on('error', () => {});
  let rest = Buffer.alloc(0);
  socket.on('data', (bytes: Buffer) => {
    rest = Buffer.concat([rest, bytes]);
    for (let length = lengthOf(rest, asked()); length !== null; length = lengthOf(rest, asked())) {
      const frame = rest.toString(encoding, 0, length - end.length);
      rest = rest.subarray(length);
      hear(frame);
    }
  });
  const ended = new Promise<Ending>((resolve) => {
    socket.on('close', () => resolve({ code: null, reason: '' }));
  });
  return {
    send: (frame) => void socket.write(Buffer.from(`${frame}${end}`, encoding)),
    close: () => void socket.end(),
    cut: () => void socket.resetAndDestroy(),
    pause: () => void socket.pause(),
    resume: () => void socket.resume(),
    ended,
  };
}
