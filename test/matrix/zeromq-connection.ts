import { Dealer } from 'zeromq';
import { waitForIo } from '../../testing/condition.ts';
import type { CloseInfo, FrameFormat, FrameListener, Connection } from './connection.ts';

/** A DEALER of libzmq that does not reconnect; one message is one frame. */
export async function openZeroMq(
  port: number,
  { encoding }: FrameFormat,
  { receive }: FrameListener,
): Promise<Connection> {
  const socket = new Dealer({ linger: 0, reconnectInterval: -1 });
  const ended = Promise.withResolvers<CloseInfo>();
  const handshake = Promise.withResolvers<void>();
  const lost = ended.promise.then(() => {
    throw new Error('the connection ended before the handshake was done');
  });
  let unpaused = Promise.withResolvers<void>();
  unpaused.resolve();
  let sending = Promise.resolve();

  async function watch(): Promise<void> {
    for await (const { type } of socket.events) {
      if (type === 'handshake') handshake.resolve();
      if (type === 'disconnect' || type === 'close') break; // `close` ends a connection that was never opened.
    }
    // Messages that came before the end are still to be read.
    await waitForIo();
    if (!socket.closed) socket.close();
    ended.resolve({ code: null, reason: '' });
  }

  async function read(): Promise<void> {
    for await (const parts of socket) {
      await unpaused.promise;
      receive(parts.length === 1 ? String(parts[0]?.toString(encoding)) : `a message of ${parts.length} frames`);
    }
  }

  const close = () => {
    if (!socket.closed) socket.close();
  };
  const watching = watch();
  socket.connect(`tcp://127.0.0.1:${port}`);
  await Promise.race([handshake.promise, lost]);
  void Promise.all([watching, read()]);
  return {
    /** One at a time, as libzmq requires. After the end of the connection a frame is lost, as on TCP. */
    send(frame) {
      sending = sending
        .then(() => (socket.closed ? undefined : socket.send(Buffer.from(frame, encoding))))
        .catch(() => {});
    },
    close,
    cut: close,
    pause() {
      unpaused = Promise.withResolvers();
    },
    resume: () => unpaused.resolve(),
    ended: ended.promise,
  };
}
