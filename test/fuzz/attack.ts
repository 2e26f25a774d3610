import { connect, type Socket } from 'node:net';
import type { ServerProcess } from '../../testing/server.ts';
import { type HostileInput, hostileInputs } from './hostile-inputs.ts';
import { HealthyClient, type HealthReport } from './healthy-client.ts';
import { HANDSHAKE } from './fuzzer.ts';
import { descriptorsOf, type Growth, growthOf, measured, withMeasuredServer } from './measured-server.ts';

const ATTACKERS = 12;
const OPEN_CONNECTIONS = 200;
/** A busy machine may take longer, so that it sends as many. */
const MIN_INPUTS = 101;
const WAIT_MS = 50;

export type AttackReport = Growth & HealthReport & { readonly sent: number; readonly incomplete: number };

/** Sends every hostile input again and again, on TCP and in WebSockets, while incomplete ones stay open. */
export function attackLivePort(milliseconds: number): Promise<AttackReport> {
  return withMeasuredServer((server) => measure(server, milliseconds));
}

async function measure(server: ServerProcess, milliseconds: number): Promise<AttackReport> {
  const all = Object.values(hostileInputs).flat();
  const healthy = await HealthyClient.join(server.port);
  const descriptors = await descriptorsOf(server);
  for (const input of all) for (const websocket of [false, true]) await sendOnce(server.port, input, websocket);
  const before = { ...(await measured(server, descriptors)), descriptors };
  const holders = await holdOpen(
    server.port,
    all.filter(({ incomplete }) => incomplete),
  );
  const end = performance.now() + milliseconds;
  let sent = 0;
  const attack = async (first: number) => {
    for (let at = first; performance.now() < end || sent < MIN_INPUTS; at++) {
      const input = all[at % all.length];
      if (input !== undefined) await sendOnce(server.port, input, at % (2 * all.length) >= all.length);
      sent++;
    }
  };
  await Promise.all(Array.from({ length: ATTACKERS }, (_, index) => attack(index * 7)));
  const { report } = healthy;
  for (const socket of holders) socket.destroy();
  const after = await measured(server, descriptors);
  healthy.close();
  return { sent, incomplete: holders.length, ...growthOf(before, after), ...report };
}

/** Opens connections that send an incomplete message and stay. */
async function holdOpen(port: number, inputs: readonly HostileInput[]): Promise<readonly Socket[]> {
  const holders: Socket[] = [];
  for (let index = 0; index < OPEN_CONNECTIONS; index++) {
    const input = inputs[index % inputs.length];
    const socket = await open(port);
    if (input !== undefined) socket.write(input.bytes);
    holders.push(socket);
  }
  return holders;
}

/** Resolves when the server has closed the connection, else cuts it after a moment. */
async function sendOnce(port: number, input: HostileInput, websocket: boolean): Promise<void> {
  const socket = await open(port);
  const closed = new Promise<void>((resolve) => socket.once('close', () => resolve()));
  socket.write(websocket ? Buffer.concat([Buffer.from(HANDSHAKE), binaryFrame(input.bytes)]) : input.bytes);
  const timeout = new Promise((resolve) => setTimeout(resolve, WAIT_MS).unref());
  await Promise.race([closed, timeout]);
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

/** A binary WebSocket message, masked with zeros. */
function binaryFrame(payload: Buffer): Buffer {
  const header = Buffer.alloc(14);
  header[0] = 0x82;
  header[1] = 0x80 | 127;
  header.writeBigUInt64BE(BigInt(payload.length), 2);
  return Buffer.concat([header, payload]);
}
