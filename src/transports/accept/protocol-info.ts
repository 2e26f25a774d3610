import type { FrameType } from '../websocket/frames.ts';
import type { Sniff } from './detect.ts';

/** What the acceptor must know about a protocol. */
export type ProtocolInfo = {
  readonly name: string;
  readonly sniff: Sniff;
  /** The type of its frames on a WebSocket. */
  readonly frames: FrameType;
  /** Whether it is also spoken over ZeroMQ. */
  readonly zeromq: boolean;
};

/**
 * The protocols of a port. A port for one protocol gives it all bytes that no carrier takes, so that it reports the errors.
 * Throws if `only` is no protocol.
 */
export function protocolsOf(protocols: readonly ProtocolInfo[], only?: string): readonly ProtocolInfo[] {
  if (only === undefined) return protocols;
  const protocol = protocols.find(({ name }) => name === only);
  if (!protocol) throw new Error(`unknown protocol ${only}`);
  return [{ ...protocol, sniff: () => 'yes' }]; // PORT-10
}
