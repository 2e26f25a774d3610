import type { Storage } from '../core/ports.ts';

/** A store that a whole server runs on. */
export interface ServerStorage extends Storage {
  /** A random integer below 2^53, made with the database: names this server, on all its nodes. */
  readonly serverId: number;
  /** Resolves when the store can never answer again: the process should end. */
  readonly failed: Promise<Error>;
  /** Why nothing can be appended now; null if nothing is known to prevent it. Writes nothing. */
  obstacle(): Promise<string | null>;
}
