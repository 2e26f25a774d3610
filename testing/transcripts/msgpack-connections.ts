import { once } from 'node:events';
import { connect } from 'node:net';
import { WebSocket } from 'ws';
import { Dealer } from 'zeromq';
import type { MemoryPeer } from '../transports/memory-link.ts';
import { Inbox } from './connections.ts';
import { bytesOfLine, lineOfFrame, MsgpackReader } from './msgpack-lines.ts';
import type { TranscriptConnection } from './transcript.ts';

/** Lines as MessagePack values over TCP. */
export async function msgpackOverTcp(port: number): Promise<TranscriptConnection> {
  const inbox = new Inbox();
  const reader = new MsgpackReader();
  const socket = connect({ port, host: '127.0.0.1', noDelay: true });
  await once(socket, 'connect');
  socket.on('error', () => {});
  socket.on('data', (bytes) => {
    for (const line of reader.push(bytes)) inbox.push(line);
  });
  socket.on('close', () => inbox.push(null));
  return {
    send(line) {
      const bytes = bytesOfLine(line);
      reader.sent(bytes);
      socket.write(bytes);
    },
    next: () => inbox.next(),
    close: () => void socket.end(),
    drop: () => void socket.resetAndDestroy(),
  };
}

/** The same in binary frames over a WebSocket. */
export async function msgpackOverWebSocket(url: string): Promise<TranscriptConnection> {
  const inbox = new Inbox();
  const socket = new WebSocket(url);
  socket.on('error', () => {});
  socket.on('message', (data: Buffer) => inbox.push(lineOfFrame(data)));
  socket.on('close', () => inbox.push(null));
  await once(socket, 'open');
  return {
    send: (line) => socket.send(bytesOfLine(line)),
    next: () => inbox.next(),
    close: () => socket.close(),
    drop: () => socket.terminate(),
  };
}

/** The same over ZeroMQ, by libzmq, which does not report that the server ends a connection. */
export function msgpackOverZeromq(port: number): TranscriptConnection {
  const inbox = new Inbox();
  const dealer = new Dealer({ linger: 0 });
  dealer.connect(`tcp://127.0.0.1:${port}`);
  const reading = (async () => {
    for await (const [frame = Buffer.alloc(0)] of dealer) inbox.push(lineOfFrame(frame));
  })();
  let sent = Promise.resolve();
  const close = async () => {
    await sent;
    dealer.close();
    await reading;
  };
  return {
    send(line) {
      sent = sent.then(() => dealer.send(Buffer.from(bytesOfLine(line))));
      return sent;
    },
    next: () => inbox.next(),
    close,
    drop: close,
  };
}

/** The same over a memory link; `settle` waits until all pending work is done. */
export function msgpackInMemory(
  peer: MemoryPeer,
  framing: 'stream' | 'message',
  settle: () => Promise<void>,
): TranscriptConnection {
  const reader = new MsgpackReader();
  const lines: string[] = [];
  const take = () => {
    lines.push(...(framing === 'stream' ? reader.push(peer.take()) : peer.takeMessages().map(lineOfFrame)));
  };
  return {
    send(line) {
      const bytes = bytesOfLine(line);
      reader.sent(bytes);
      peer.send(bytes);
    },
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
