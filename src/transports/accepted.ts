/** An admitted connection, as `Admission` counts it. Each call may be repeated; only the first counts. */
export type Ticket = {
  /** Counts the connection for its client's address, if it does not count for one yet; false if a limit refuses that. */
  assign(address: string): boolean;
  /** From now on it does not count as unauthenticated. */
  loggedIn(): void;
  /** The connection is closed. */
  release(): void;
};

/** A connection whose protocol may not be known yet. */
export type Accepted = {
  /** The client's, as `countedAddress` writes it, or that of a trusted proxy. */
  readonly address: string;
  /** The same address in full. */
  readonly ip: string;
  /** Whether it is that of a trusted proxy, which may still say who the client is. */
  readonly isProxy: boolean;
  readonly secure: boolean;
  readonly ticket: Ticket;
  /** When it was opened, on the clock that only moves forward. */
  readonly openedAt: number;
};
