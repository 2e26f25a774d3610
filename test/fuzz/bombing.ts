import { connect, type Socket } from 'node:net';
import type { ServerProcess } from '../../testing/server.ts';
import { type Bomb, bombs } from './bombs.ts';
import { HealthyClient } from './healthy.ts';
import { HANDSHAKE } from './live.ts';
import { collected, descriptorsOf, withObserved } from './observed.ts';

const ATTACKERS = 12;
const HELD = 200;
/** A busy machine gets more time, so that it throws them too. */
const LEAST = 101;
const PATIENCE_MS = 50;

export type BombReport = {
  readonly thrown: number;
  readonly held: number;
  readonly heapGrowthBytes: number;
  readonly descriptorsBefore: number;
  readonly descriptorsAfter: number;
  readonly healthyP99Ms: number;
  readonly healthyMessages: number;
};

/** Throws every bomb again and again for so long, raw and in WebSockets, with half messages held open all the while. */
export function bombLivePort(milliseconds: number): Promise<BombReport> {
  return withObserved((server) => measure(server, milliseconds));
}

async function measure(server: ServerProcess, milliseconds: number): Promise<BombReport> {
  const all = Object.values(bombs).flat();
  const healthy = await HealthyClient.join(server.port);
  const descriptors = await descriptorsOf(server);
  for (const bomb of all) for (const websocket of [false, true]) await throwOnce(server.port, bomb, websocket);
  const before = await collected(server, 1, descriptors);
  const holders = await holdOpen(
    server.port,
    all.filter(({ held }) => held),
  );
  const end = performance.now() + milliseconds;
  let thrown = 0;
  const attack = async (first: number) => {
    for (let at = first; performance.now() < end || thrown < LEAST; at++) {
      const bomb = all[at % all.length];
      if (bomb !== undefined) await throwOnce(server.port, bomb, at % (2 * all.length) >= all.length);
      thrown++;
    }
  };
  await Promise.all(Array.from({ length: ATTACKERS }, (_, index) => attack(index * 7)));
  const { p99: healthyP99Ms, latencies } = healthy;
  const healthyMessages = latencies.length;
  for (const socket of holders) socket.destroy();
  const after = await collected(server, 2, descriptors);
  healthy.close();
  return {
    thrown,
    held: holders.length,
    heapGrowthBytes: after.heap - before.heap,
    descriptorsBefore: descriptors,
    descriptorsAfter: after.descriptors,
    healthyP99Ms,
    healthyMessages,
  };
}

/** Half messages on connections that stay. */
async function holdOpen(port: number, halves: readonly Bomb[]): Promise<readonly Socket[]> {
  const holders: Socket[] = [];
  for (let index = 0; index < HELD; index++) {
    const half = halves[index % halves.length];
    const socket = await open(port);
    if (half !== undefined) socket.write(half.bytes);
    holders.push(socket);
  }
  return holders;
}

/** Resolves when the server has closed the connection, or after a moment; then it is cut. */
async function throwOnce(port: number, bomb: Bomb, websocket: boolean): Promise<void> {
  const socket = await open(port);
  const closed = new Promise<void>((resolve) => socket.once('close', () => resolve()));
  socket.write(websocket ? Buffer.concat([Buffer.from(HANDSHAKE), binaryFrame(bomb.bytes)]) : bomb.bytes);
  const patience = new Promise((resolve) => setTimeout(resolve, PATIENCE_MS).unref());
  await Promise.race([closed, patience]);
  socket.destroy();
  await closed;
}

async function open(port: number): Promise<Socket> {
  const socket = connect({ port, host: '127.0.0.1', noDelay: true });
  socket.on('error', () => {});
  socket.resume();
  await new Promise((resolve) => {
    socket.once('connect', resolve);
    socket.once('close', resolve);
  });
  return socket;
}

/** One binary message of a client, masked with zeros. */
function binaryFrame(payload: Buffer): Buffer {
  const header = Buffer.alloc(14);
  header[0] = 0x82;
  header[1] = 0x80 | 127;
  header.writeBigUInt64BE(BigInt(payload.length), 2);
  return Buffer.concat([header, payload]);
}
