import { once } from 'node:events';
import { existsSync, renameSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { createServer, type Server, type Socket } from 'node:net';
import type { Clock, Log } from '../../core/ports.ts';
import { reasonOf } from '../../lib/reason.ts';
import { LineSplitter } from '../../lib/lines.ts';
import { type AdminReply, type AdminRequest, MAX_REQUEST_BYTES, readRequest, writeLine } from './messages.ts';

const SILENT_MS = 10_000;
/** How often the server looks whether its socket is still there: cleaners of temporary files remove sockets. */
const LOOK_MS = 5_000;
/** Where a new socket is made before it takes the place of the old one. */
const NEW_SOCKET = 'admin.tmp';
const OWNER_ONLY = 0o177;

/**
 * Listens for the operator on a socket that only the server's own system user can open. The caller must hold the data
 * directory's lock: an existing socket is that of a dead server and is replaced. Returns the function that ends it.
 */
export async function openAdmin(
  path: string,
  run: (request: AdminRequest) => Promise<AdminReply>,
  { clock, log }: { readonly clock: Pick<Clock, 'after'>; readonly log: Log },
): Promise<() => Promise<void>> {
  const sockets = new Set<Socket>();
  const receive = (socket: Socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
    serve(socket, (line) => answer(line, run, log));
  };
  let server = await makeSocket(path, receive);
  let cancel = clock.after(LOOK_MS, look);
  let missing = false;
  let closed = false;

  function look(): void {
    if (existsSync(path)) cancel = clock.after(LOOK_MS, look);
    else void makeAgain(); // SERVER-129
  }

  /** The old server stays until there is a new one: its file may have been moved away, with the whole directory. */
  async function makeAgain(): Promise<void> {
    try {
      const next = await makeSocket(path, receive);
      server.close();
      server = next;
      log.warn('admin-socket-made-again', { path });
      missing = false;
    } catch (error) {
      if (!missing) log.warn('admin-socket-missing', { path, reason: reasonOf(error) });
      missing = true;
    }
    if (closed) end();
    else cancel = clock.after(LOOK_MS, look);
  }

  function end(): void {
    server.close();
    rmSync(path, { force: true });
  }

  return async () => {
    closed = true;
    cancel();
    const ended = once(server, 'close');
    end();
    for (const socket of sockets) socket.destroy();
    await ended;
  };
}

/** Listens in place of whatever is at the path. */
async function makeSocket(path: string, receive: (socket: Socket) => void): Promise<Server> {
  // Closing a server removes the file at which it began to listen, also when that is another server's by now.
  const made = join(dirname(path), NEW_SOCKET);
  rmSync(made, { force: true });
  const server = createServer(receive);
  // listen() makes the socket's file, so it never exists with other permissions.
  const umask = process.umask(OWNER_ONLY); // SERVER-61
  server.listen(made);
  process.umask(umask);
  await once(server, 'listening');
  renameSync(made, path); // SERVER-63
  return server;
}

/** Reads one line, writes one line, closes. */
function serve(socket: Socket, reply: (line: Uint8Array | 'too-long') => Promise<AdminReply>): void {
  const lines = new LineSplitter(MAX_REQUEST_BYTES);
  socket.setTimeout(SILENT_MS, () => socket.destroy());
  socket.on('error', () => socket.destroy());
  socket.on('data', (bytes) => {
    for (const line of lines.push(bytes)) {
      socket.removeAllListeners('data');
      socket.setTimeout(0); // The answer may take as long as it takes. SERVER-154
      void reply(line).then((message) => socket.end(writeLine(message)));
      return;
    }
  });
}

/** A request that fails must end neither in silence nor with the server. */
function failed(error: unknown): AdminReply {
  return { ok: false, lines: [`the server cannot do this now: ${reasonOf(error)}`] }; // SERVER-92
}

async function answer(
  line: Uint8Array | 'too-long',
  run: (request: AdminRequest) => Promise<AdminReply>,
  log: Log,
): Promise<AdminReply> {
  if (line === 'too-long') return { ok: false, lines: ['the request is too long'] }; // SERVER-62
  const request = readRequest(line);
  if (!request.ok) return { ok: false, lines: [request.error] };
  const reply = await run(request.value).catch(failed);
  const { command } = request.value;
  const address = 'address' in request.value ? { address: request.value.address } : {};
  log.info('admin', { command, ok: reply.ok, name: 'name' in request.value ? request.value.name : null, ...address });
  return reply;
}
