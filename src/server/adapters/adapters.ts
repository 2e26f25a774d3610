import type { Ports } from '../../core/ports.ts';
import type { BlobKind, Blobs } from '../../storage/blobs.ts';
import type { ServerStorage } from '../../storage/server-storage.ts';

/** What a server stores in and talks to other nodes by. */
export type Adapters = Pick<Ports, 'node' | 'names' | 'bus'> & {
  readonly storage: ServerStorage;
  /** Where nodes that share the storage have files and pictures beside it; null for a single node, which has them in a directory. */
  readonly blobs: ((kind: BlobKind) => Blobs) | null;
  /** Not known to clients, and the same on all nodes that share the storage. */
  readonly secret: string;
  /** Resolves, with a sentence for the operator, when the storage is broken for good: the process has to end then. */
  readonly failure: Promise<string>;
  /** Keeps what all nodes have to agree on, and returns what the node that started last kept; '' if there was none. */
  exchangeSettings(settings: string): Promise<string>;
  /** The sentence for the operator when the world cannot be opened on the data. */
  unusable(reason: string): string;
  /** To be called when the world is closed. */
  close(): Promise<void>;
};

/** What adapters need of the machine. */
export type AdapterPorts = Pick<Ports, 'clock' | 'ids' | 'log'>;
