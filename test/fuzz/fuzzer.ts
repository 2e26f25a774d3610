import { connect } from 'node:net';
import { protocols } from '../../src/protocols/index.ts';
import { seededRandom, type SeededRandom } from '../../testing/random.ts';
import type { ServerProcess } from '../../testing/server.ts';
import { DEALER_READY, peerFrame, peerGreeting } from '../../testing/transports/zmtp.ts';
import { HealthyClient, type HealthReport } from './healthy-client.ts';
import { BINARY, clientFrame, FUZZED, mutated } from './mutate.ts';
import { descriptorsOf, type Growth, growthOf, measured, withMeasuredServer } from './measured-server.ts';

const CONNECTIONS = 16;
/** Turns a connection into a WebSocket. */
export const HANDSHAKE =
  'GET / HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n' +
  'Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n';

export type FuzzReport = Growth & HealthReport & { readonly frames: number; readonly connections: number };

/** Sends damaged frames to a live server and compares its memory and descriptors before and after. */
export function fuzzLivePort(frames: number, seed: number, progress: (line: string) => void): Promise<FuzzReport> {
  return withMeasuredServer((server) => measure(server, frames, seed, progress));
}

async function measure(
  server: ServerProcess,
  frames: number,
  seed: number,
  progress: (line: string) => void,
): Promise<FuzzReport> {
  const random = seededRandom(seed);
  const healthy = await HealthyClient.join(server.port);
  const descriptors = await descriptorsOf(server);
  await attack(server, Math.min(5_000, frames), random, () => {});
  const before = await measured(server, descriptors);
  const connections = await attack(server, frames, random, progress);
  const after = await measured(server, descriptors);
  healthy.close();
  return { frames, connections, ...growthOf({ ...before, descriptors }, after), ...healthy.report };
}

/** Sends so many frames over short connections; returns the number of connections. */
async function attack(
  server: ServerProcess,
  frames: number,
  random: SeededRandom,
  progress: (line: string) => void,
): Promise<number> {
  let left = frames;
  let connections = 0;
  const run = async () => {
    while (left > 0) {
      connections += 1;
      left -= await attackOnce(server.port, random, Math.min(left, 1 + random.below(200)));
      if (connections % 200 === 0) progress(`${left} frames to go`);
    }
  };
  await Promise.all(Array.from({ length: CONNECTIONS }, run));
  return connections;
}

type Carrier = { readonly opening: Buffer; frame(payload: Buffer): Buffer };

/** A WebSocket, plain TCP or, where the protocol has it, ZeroMQ. */
function carrierOf(protocol: string, random: SeededRandom): Carrier {
  const isZeromq = protocols.some(({ name, zeromq }) => zeromq && name === protocol) && random.below(2) === 0;
  if (isZeromq)
    return {
      opening: Buffer.concat([peerGreeting(), DEALER_READY]),
      frame: (payload) => peerFrame(random.below(20) === 0 ? random.below(256) : 0, payload),
    };
  if (random.below(3) > 0)
    return { opening: Buffer.from(HANDSHAKE), frame: (payload) => clientFrame(payload, random, protocol) };
  const separator = Buffer.from(BINARY.has(protocol) ? '' : '\n');
  return { opening: Buffer.alloc(0), frame: (payload) => Buffer.concat([payload, separator]) };
}

/** Sends up to `count` damaged frames on one connection; returns how many it sent. */
async function attackOnce(port: number, random: SeededRandom, count: number): Promise<number> {
  const socket = connect({ port, host: '127.0.0.1', noDelay: true });
  const closed = new Promise<void>((resolve) => socket.once('close', () => resolve()));
  socket.on('error', () => {});
  await Promise.race([new Promise((resolve) => socket.once('connect', resolve)), closed]);
  const protocol = random.pick(FUZZED);
  const { opening, frame } = carrierOf(protocol, random);
  socket.resume();
  socket.write(opening);
  let sent = 0;
  while (sent < count && !socket.destroyed && socket.writable) {
    sent += 1;
    const drained = socket.write(frame(mutated(random, protocol)));
    if (!drained) await Promise.race([new Promise((resolve) => socket.once('drain', resolve)), closed]);
    if (sent % 20 === 0) await new Promise(setImmediate);
  }
  if (random.below(4) === 0) socket.destroy();
  else socket.end();
  await Promise.race([closed, new Promise((resolve) => setTimeout(resolve, 500).unref())]);
  socket.destroy();
  await closed;
  return sent;
}
