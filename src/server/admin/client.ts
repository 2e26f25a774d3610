import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { dirname } from 'node:path';
import { err, type Result } from '../../lib/result.ts';
import { LineSplitter } from '../../lib/lines.ts';
import { reasonOf } from '../../lib/reason.ts';
import { type AdminReply, type AdminRequest, readReply, writeLine } from './messages.ts';

const MAX_REPLY_BYTES = 16 * 1024 * 1024;
const TIMEOUT_MS = 15_000;

/** Sends a request to the admin socket of a server; the error is a sentence that says why there is no answer. */
export async function askServer(path: string, request: AdminRequest): Promise<Result<AdminReply, string>> {
  const socket = connect(path);
  try {
    await once(socket, 'connect');
    const isLong = request.command === 'user-delete'; // SERVER-154
    if (!isLong) socket.setTimeout(TIMEOUT_MS, () => socket.destroy(new Error('no answer in time')));
    socket.write(writeLine(request));
    return await firstReply(socket);
  } catch (error) {
    return err(failureText(error, dirname(path)));
  } finally {
    socket.destroy();
  }
}

async function firstReply(socket: Socket): Promise<Result<AdminReply, string>> {
  const lines = new LineSplitter(MAX_REPLY_BYTES);
  for await (const bytes of socket) {
    for (const line of lines.push(bytes as Uint8Array)) {
      if (line !== 'too-long') return readReply(line);
    }
  }
  return err('the server ended without an answer');
}

function failureText(error: unknown, directory: string): string {
  const code = error instanceof Error && 'code' in error ? error.code : null;
  if (code === 'ENOENT' || code === 'ECONNREFUSED') {
    return `no server runs with its data in ${directory}. If yours keeps it elsewhere, which it says at its start, add --data DIRECTORY or set PARLANCE_DATA`; // SERVER-65
  }
  if (code === 'EACCES') return `the server on ${directory} runs as another user: use the same one`; // SERVER-65
  return `the server on ${directory} cannot be asked: ${reasonOf(error)}`;
}
