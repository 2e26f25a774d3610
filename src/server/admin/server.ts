import { once } from 'node:events';
import { rmSync } from 'node:fs';
import { createServer, type Socket } from 'node:net';
import type { Log } from '../../core/ports.ts';
import { LineSplitter } from '../../lib/lines.ts';
import { type AdminReply, type AdminRequest, MAX_REQUEST_BYTES, readRequest, writeLine } from './messages.ts';

const SILENT_MS = 10_000;
const OWNER_ONLY = 0o177;

/**
 * Listens for the operator on a socket that only the server's own system user can open. The caller must hold the data
 * directory's lock: an existing socket is that of a dead server and is removed. Returns the function that ends it.
 */
export async function openAdmin(
  path: string,
  run: (request: AdminRequest) => Promise<AdminReply>,
  log: Log,
): Promise<() => Promise<void>> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
    serve(socket, (line) => answer(line, run, log));
  });
  rmSync(path, { force: true }); // SERVER-63
  // listen() makes the socket's file, so it never exists with other permissions.
  const umask = process.umask(OWNER_ONLY); // SERVER-61
  server.listen(path);
  process.umask(umask);
  await once(server, 'listening');

  return async () => {
    const closed = once(server, 'close');
    server.close();
    for (const socket of sockets) socket.destroy();
    await closed;
  };
}

/** Reads one line, writes one line, closes. */
function serve(socket: Socket, reply: (line: Uint8Array | 'too-long') => Promise<AdminReply>): void {
  const lines = new LineSplitter(MAX_REQUEST_BYTES);
  socket.setTimeout(SILENT_MS, () => socket.destroy());
  socket.on('error', () => socket.destroy());
  socket.on('data', (bytes) => {
    for (const line of lines.push(bytes)) {
      socket.removeAllListeners('data');
      void reply(line).then((message) => socket.end(writeLine(message)));
      return;
    }
  });
}

async function answer(
  line: Uint8Array | 'too-long',
  run: (request: AdminRequest) => Promise<AdminReply>,
  log: Log,
): Promise<AdminReply> {
  if (line === 'too-long') return { ok: false, lines: ['the request is too long'] }; // SERVER-62
  const request = readRequest(line);
  if (!request.ok) return { ok: false, lines: [request.error] };
  const reply = await run(request.value);
  const { command } = request.value;
  log.info('admin', { command, ok: reply.ok, name: 'name' in request.value ? request.value.name : null });
  return reply;
}
