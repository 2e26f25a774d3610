import { constants, fstatSync, openSync, write } from 'node:fs';
import type { Writable } from 'node:stream';

/** Called with the error, or with how many bytes were written. */
export type Written = (error: NodeJS.ErrnoException | null, bytes: number) => void;

export interface Sink {
  /** Whether an output that hangs holds a thread, so that the process cannot exit in order. */
  readonly usesThread: boolean;
  /** Starts to write and returns at once. One write at a time: the next one after `written` was called. */
  write(bytes: Uint8Array, written: Written): void;
}

/** An open output of this process: 1 is standard output, 2 is standard error. */
export type StandardStream = { readonly fd: 1 | 2; readonly stream: () => Writable };

/**
 * Writes to an output without making the event loop wait. Pipes and terminals are opened a second time, because only then do
 * they answer `EAGAIN` instead of waiting, and without a change for other programs that have them open.
 */
export function openSink({ fd, stream }: StandardStream): Sink {
  const stats = fstatSync(fd);
  if (stats.isSocket()) return streamSink(stream());
  const reopened = stats.isFIFO() || stats.isCharacterDevice() ? reopen(fd) : null;
  return {
    usesThread: reopened === null,
    write: (bytes, written) => write(reopened ?? fd, bytes, written), // SERVER-85
  };
}

/** Null where the system does not allow it: then a thread waits for the output, and still not the event loop. */
function reopen(fd: number): number | null {
  try {
    return openSync(`/proc/self/fd/${fd}`, constants.O_WRONLY | constants.O_NOCTTY | constants.O_NONBLOCK);
  } catch {
    return null;
  }
}

/** A socket cannot be opened twice, but Node never waits for one. */
function streamSink(stream: Writable): Sink {
  stream.on('error', () => {}); // Each write is told of it too.
  return {
    usesThread: false,
    write: (bytes, written) => stream.write(bytes, (error) => written(error ?? null, bytes.length)), // SERVER-85
  };
}
