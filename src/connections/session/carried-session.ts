import type { ProtocolAdapter, ProtocolSession } from '../protocol-adapter.ts';
import type { ClientSession } from './client-session.ts';
import type { Carried } from './connection-control.ts';

/** The connection that carries a session now, as the protocol session sees it. */
export type Carrier<Out> = {
  /** Sends a message that answers no request. */
  push(message: Out): void;
};

/**
 * The client session and the protocol session of one client. A connection carries them; if the protocol allows it, they outlive
 * the connection and move to another one of the same protocol.
 */
export class CarriedSession<In, Out> implements Carried {
  readonly protocolName: string;
  readonly login: ClientSession;
  readonly protocol: ProtocolSession<In, Out>;
  #carrier: Carrier<Out> | null;

  constructor(adapter: ProtocolAdapter<In, Out>, login: ClientSession, carrier: Carrier<Out>) {
    this.protocolName = adapter.name;
    this.login = login;
    this.#carrier = carrier;
    this.protocol = adapter.openSession(login, (message) => this.#carrier?.push(message));
  }

  get isWaiting(): boolean {
    return this.#carrier === null;
  }

  /** Whether the session stays when its connection is lost. */
  get mayWait(): boolean {
    return this.protocol.lost !== undefined && this.login.digest !== null;
  }

  /** A connection carries the session from now on. */
  carriedBy(carrier: Carrier<Out>): void {
    this.#carrier = carrier;
  }

  lost(): void {
    this.#carrier = null;
    this.protocol.lost?.();
  }

  resumed(stored: readonly string[] | null): void {
    this.protocol.resumed?.(stored);
  }
}
