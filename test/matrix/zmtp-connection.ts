import { DEALER_READY, peerCommand, peerFrame, peerGreeting, SERVER_GREETING } from '../../testing/transports/zmtp.ts';
import type { Connection, FrameFormat, FrameListener } from './connection.ts';

const MORE = 1;
const LONG = 2;
const COMMAND = 4;

/** A DEALER over a stream, without libzmq; one message is one frame, and one character stands for each byte. */
export async function openZmtp(
  openStream: (format: FrameFormat, listener: FrameListener) => Promise<Connection>,
  { receive }: FrameListener,
): Promise<Connection> {
  const ready = Promise.withResolvers<void>();
  let isGreeted = false;
  const send = (bytes: Buffer) => stream.send(bytes.toString('latin1'));

  function take(frame: string): void {
    if (!isGreeted) {
      isGreeted = true;
      return;
    }
    const flags = frame.charCodeAt(0);
    const body = frame.slice((flags & LONG) === 0 ? 2 : 9);
    if ((flags & COMMAND) !== 0) obey(body);
    else receive((flags & MORE) === 0 ? body : `a message of several frames, the first of which is ${body}`);
  }

  function obey(command: string): void {
    if (command.startsWith('\x05READY')) ready.resolve();
    else if (command.startsWith('\x04PING'))
      send(peerCommand('PONG', Buffer.from(command.slice('\x04PING'.length + 2), 'latin1')));
    else throw new Error(`an unknown command: ${command}`);
  }

  const lengthOf = (bytes: Buffer) => (isGreeted ? lengthOfFrame(bytes) : lengthOfGreeting(bytes));
  const stream = await openStream({ encoding: 'latin1', end: '', lengthOf }, { receive: take, pending: () => [] });
  send(Buffer.concat([peerGreeting(), DEALER_READY]));
  const lost = stream.ended.then(() => {
    throw new Error('the connection ended before the handshake was done');
  });
  await Promise.race([ready.promise, lost]);
  return { ...stream, send: (frame) => send(peerFrame(0, Buffer.from(frame, 'latin1'))) };
}

function lengthOfGreeting(bytes: Buffer): number | null {
  return bytes.length < SERVER_GREETING.length ? null : SERVER_GREETING.length;
}

/** The bytes of the first frame; null while it is incomplete. */
function lengthOfFrame(bytes: Buffer): number | null {
  const isLong = ((bytes[0] ?? 0) & LONG) !== 0;
  const head = isLong ? 9 : 2;
  if (bytes.length < head) return null;
  const length = head + (isLong ? Number(bytes.readBigUInt64BE(1)) : (bytes[1] ?? 0));
  return bytes.length < length ? null : length;
}
