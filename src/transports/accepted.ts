/** An admitted connection, as `Admission` counts it. Each call may be repeated; only the first counts. */
export type Ticket = {
  /** From now on it does not count as unauthenticated. */
  loggedIn(): void;
  /** The connection is closed. */
  release(): void;
};

/** A connection whose protocol may not be known yet. */
export type Accepted = {
  /** As `countedAddress` writes it. */
  readonly address: string;
  readonly secure: boolean;
  readonly ticket: Ticket;
};
