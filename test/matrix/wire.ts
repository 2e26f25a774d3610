import { once } from 'node:events';
import { connect } from 'node:net';
import { WebSocket } from 'ws';

/** How a connection ended: the WebSocket's code and reason, null where the link has none. */
export type Ending = { readonly code: number | null; readonly reason: string };

/** One connection of a client: frames, or lines of a stream. */
export type Wire = {
  send(frame: string): void;
  /** Ends it without a word: the line is cut. */
  cut(): void;
  /** Takes nothing of what comes until `resume`, and gives no sign that it came. */
  pause(): void;
  resume(): void;
  readonly ended: Promise<Ending>;
};

export type Transport = 'websocket' | 'tcp';

/** Connects; `hear` gets each frame, or each line without its end. */
export function openWire(transport: Transport, port: number, hear: (frame: string) => void): Promise<Wire> {
  return transport === 'tcp' ? openTcp(port, hear) : openWebSocket(port, hear);
}

async function openWebSocket(port: number, hear: (frame: string) => void): Promise<Wire> {
  const socket = new WebSocket(`ws://127.0.0.1:${port}/`);
  socket.on('message', (data: Buffer) => hear(data.toString()));
  const ended = new Promise<Ending>((resolve) => {
    socket.on('close', (code, reason) => resolve({ code, reason: reason.toString() }));
  });
  await once(socket, 'open');
  socket.on('error', () => {});
  return {
    send: (frame) => socket.send(frame),
    cut: () => socket.terminate(),
    pause: () => socket.pause(),
    resume: () => socket.resume(),
    ended,
  };
}

async function openTcp(port: number, hear: (frame: string) => void): Promise<Wire> {
  const socket = connect({ port, host: '127.0.0.1', noDelay: true });
  await once(socket, 'connect');
  socket.on('error', () => {});
  let rest = Buffer.alloc(0);
  socket.on('data', (bytes: Buffer) => {
    rest = Buffer.concat([rest, bytes]);
    for (let end = rest.indexOf(0x0a); end !== -1; end = rest.indexOf(0x0a)) {
      const line = rest.toString('utf8', 0, end);
      rest = rest.subarray(end + 1);
      hear(line);
    }
  });
  const ended = new Promise<Ending>((resolve) => {
    socket.on('close', () => resolve({ code: null, reason: '' }));
  });
  return {
    send: (frame) => void socket.write(`${frame}\n`),
    cut: () => void socket.resetAndDestroy(),
    pause: () => void socket.pause(),
    resume: () => void socket.resume(),
    ended,
  };
}
