/** What became of a message, as its author was told. `unsent`: the client had no connection, and knew it. */
export type Outcome = 'acknowledged' | 'refused' | 'unknown' | 'unsent';

/** A message as a client was shown it. */
export type ShownMessage = { readonly author: string; readonly text: string };

/** A person of these tests, who stays in the lobby by one protocol however often the connection is lost. */
export interface ChaosClient {
  readonly name: string;
  /** The protocol and how it is spoken. */
  readonly kind: string;
  /** Whether the person is shown later what was posted while the connection was lost. */
  readonly missesNothing: boolean;
  /** The number of the current connection. A message that was sent again has none. */
  readonly connection: number;
  /** What was shown on each connection, in order. */
  readonly shown: readonly (readonly ShownMessage[])[];
  /** Sends to the lobby. Resolves with `unknown` once the connection is lost or silent for too long. */
  send(text: string): Promise<Outcome>;
  /** Resolves when the person is logged in, now or later; rejects if that is over for good. */
  online(): Promise<void>;
  /** Resolves when this text was shown. */
  sees(text: string): Promise<void>;
  /** Leaves; resolves when the client is done with its connection. */
  close(): Promise<void>;
}
