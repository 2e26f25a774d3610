import type { RequestListener } from 'node:http';
import type { Socket } from 'node:net';
import type { WebSocket } from 'ws';
import type { Clock } from '../../core/ports.ts';
import { countedAddress } from '../address.ts';
import type { Admission } from './admission.ts';
import type { Accepted } from '../accepted.ts';
import { type Detection, detect, type Sniff } from './detect.ts';
import { HttpUpgrader } from './http-upgrader.ts';
import type { LivenessMonitor } from '../liveness-monitor.ts';
import type { TransportLimits } from '../limits.ts';
import type { Link } from '../link.ts';
import type { OriginPolicy } from './origin.ts';
import { sniffHttp, sniffTls, sniffZmtp } from './sniffers.ts';
import { TcpLink } from '../tcp-link.ts';
import { type Certificate, TlsTerminator } from './tls.ts';
import { closeWebSocket, toBytes, WebSocketLink } from '../websocket/link.ts';
import { closeCodes, type FrameType, POLICY_VIOLATION } from '../websocket/frames.ts';
import { monitorWebSocket } from '../websocket/liveness.ts';
import { ZmtpLink } from '../zmtp/link.ts';
import { ZmtpHandshaker } from '../zmtp/handshaker.ts';

const KEEPALIVE_MS = 30_000;

/** What must be known of a protocol to find it and to send it. */
export type ProtocolInfo = {
  readonly name: string;
  readonly sniff: Sniff;
  /** How its messages are sent on a WebSocket. */
  readonly frames: FrameType;
  /** Whether its clients come by ZeroMQ too. */
  readonly zeromq: boolean;
};

export type AcceptorOptions = {
  readonly protocols: readonly ProtocolInfo[];
  /** The only protocol of a port of its own. */
  readonly only?: string;
  /** A port that ZeroMQ has for itself: no TLS, no HTTP, no protocol without it. */
  readonly zeromqOnly?: boolean;
  readonly certificate?: Certificate;
  readonly origins: OriginPolicy;
  /** Answers HTTP requests that are no WebSocket. */
  readonly handler: RequestListener;
  /** One line for strangers: what this server speaks. */
  readonly usage: () => string;
  /** Takes each link once it is known what it speaks; somebody must listen to it before this returns. */
  readonly accept: (link: Link, protocol: string) => void;
  readonly admission: Admission;
  readonly liveness: LivenessMonitor;
  readonly limits: TransportLimits;
  readonly clock: Clock;
};

/** Something a connection may turn out to be; `settled` is called when it is clear what it speaks. */
type Candidate = {
  readonly sniff: Sniff;
  readonly take: (socket: Socket, accepted: Accepted, settled: () => void) => void;
};

/** Receives the connections of one port: lets them in, finds out what they speak, passes them on. */
export class Acceptor {
  readonly #options: AcceptorOptions;
  readonly #spoken: readonly ProtocolInfo[];
  readonly #protocols: readonly Candidate[];
  readonly #inside: readonly Candidate[];
  readonly #outside: readonly Candidate[];
  readonly #sockets = new Set<Socket>();

  /** Throws if `only` is no protocol, nobody comes by ZeroMQ to a port for it alone, or the certificate cannot be used. */
  constructor(options: AcceptorOptions) {
    const { certificate, zeromqOnly = false } = options;
    this.#options = options;
    this.#spoken = spokenOn(options);
    const zmtp = this.#zmtp();
    if (zeromqOnly && zmtp.length === 0) throw new Error('no protocol comes by ZeroMQ');
    this.#protocols = zeromqOnly ? [] : this.#spoken.map((protocol) => this.#raw(protocol)); // ZMTP-26
    this.#inside = zeromqOnly ? zmtp : [this.#http(), ...zmtp]; // ZMTP-26
    const tls = certificate && !zeromqOnly ? [this.#tls(new TlsTerminator(certificate))] : []; // ZMTP-26
    this.#outside = [...tls, ...this.#inside];
  }

  receive(socket: Socket): void {
    const address = countedAddress(socket.remoteAddress ?? '');
    const ticket = this.#options.admission.admit(address);
    if (ticket) this.#begin(socket, { address, secure: false, ticket });
    else socket.destroy();
  }

  destroyAll(): void {
    for (const socket of this.#sockets) socket.destroy();
  }

  #begin(socket: Socket, accepted: Accepted): void {
    const { clock, limits } = this.#options;
    const cancel = clock.after(limits.detectMs, () => socket.destroy()); // PORT-17
    this.#sockets.add(socket);
    socket.setNoDelay(true); // PORT-25
    socket.setKeepAlive(true, KEEPALIVE_MS); // PORT-25
    socket.on('error', () => {}); // `close` follows
    socket.once('close', () => {
      this.#sockets.delete(socket);
      accepted.ticket.release();
      cancel();
    });
    this.#detect(socket, accepted, this.#outside, cancel);
  }

  #detect(socket: Socket, accepted: Accepted, carriers: readonly Candidate[], settled: () => void): void {
    let seen = Buffer.alloc(0);
    const hear = (bytes: Buffer) => {
      seen = Buffer.concat([seen, bytes]);
      const detection = this.#decide(carriers, seen);
      if (detection.type === 'more') return; // PORT-04
      socket.off('data', hear);
      socket.pause();
      socket.unshift(seen);
      if (detection.type === 'found') detection.found.take(socket, accepted, settled);
      else this.#greet(socket, accepted, settled);
    };
    socket.on('data', hear);
  }

  /** What carries protocols is looked for first, so that a port of one protocol understands it too. */
  #decide(carriers: readonly Candidate[], seen: Uint8Array): Detection<Candidate> {
    const carrier = detect(carriers, seen);
    return carrier.type === 'unknown' ? detect(this.#protocols, seen) : carrier; // PORT-01
  }

  #raw({ name, sniff }: ProtocolInfo): Candidate {
    const take = (socket: Socket, accepted: Accepted, settled: () => void) => {
      settled();
      this.#options.accept(this.#link(socket, accepted), name);
    };
    return { sniff, take };
  }

  #tls(upgrader: TlsTerminator): Candidate {
    const take = (socket: Socket, accepted: Accepted, settled: () => void) =>
      upgrader.take(socket, (opened) => this.#detect(opened, { ...accepted, secure: true }, this.#inside, settled)); // PORT-06
    return { sniff: sniffTls, take };
  }

  #http(): Candidate {
    const { limits, clock, origins, handler } = this.#options;
    const upgrader = new HttpUpgrader({
      limits,
      clock,
      origins,
      handler,
      protocols: this.#spoken.map(({ name }) => name),
      upgraded: (ws, socket, accepted, hint) => this.#upgraded(ws, socket, accepted, hint),
    });
    const take = (socket: Socket, accepted: Accepted, settled: () => void) => {
      settled();
      upgrader.take(socket, accepted);
    };
    return { sniff: sniffHttp, take };
  }

  /** Nothing where no protocol's clients come that way. */
  #zmtp(): readonly Candidate[] {
    const { limits, clock, liveness, accept } = this.#options;
    const protocol = this.#spoken.find(({ zeromq }) => zeromq); // ZMTP-01
    if (!protocol) return []; // ZMTP-01
    const upgrader = new ZmtpHandshaker(limits, clock);
    const take = (socket: Socket, accepted: Accepted, settled: () => void) =>
      upgrader.take(socket, (hasHeartbeats) => {
        settled(); // ZMTP-12
        accept(new ZmtpLink(socket, accepted, hasHeartbeats, { liveness, limits, clock }), protocol.name);
      });
    return [{ sniff: sniffZmtp, take }];
  }

  #upgraded(ws: WebSocket, socket: Socket, accepted: Accepted, hint: string | null): void {
    const { liveness, accept } = this.#options;
    monitorWebSocket(liveness, ws, socket);
    const protocol = this.#spoken.find(({ name }) => name === hint); // PORT-08
    if (protocol) accept(new WebSocketLink(ws, socket, accepted, protocol.frames, null), protocol.name);
    else this.#awaitMessage(ws, socket, accepted);
  }

  #awaitMessage(ws: WebSocket, socket: Socket, accepted: Accepted): void {
    const { clock, limits, accept, usage: greeting } = this.#options;
    const late = () => closeWebSocket(ws, closeCodes.timeout, 'nothing was said');
    const cancel = clock.after(limits.detectMs, late); // PORT-17
    ws.once('close', cancel);
    ws.once('message', (data) => {
      cancel();
      ws.off('close', cancel);
      const first = toBytes(data);
      const detection = detect(this.#spoken, first);
      if (detection.type !== 'found') return closeWebSocket(ws, POLICY_VIOLATION, greeting()); // PORT-11
      const { frames, name } = detection.found;
      accept(new WebSocketLink(ws, socket, accepted, frames, first), name);
    });
  }

  #greet(socket: Socket, accepted: Accepted, settled: () => void): void {
    settled();
    const link = this.#link(socket, accepted);
    link.write(Buffer.from(`${this.#options.usage()}\n`)); // PORT-07
    link.end('broken', '');
  }

  #link(socket: Socket, accepted: Accepted): TcpLink {
    return new TcpLink(socket, accepted, this.#options.clock, this.#options.limits.endMs);
  }
}

/** What a port speaks. Whatever nothing else carries belongs to the protocol that has it alone, so that it gives the errors. */
function spokenOn({ only, protocols }: AcceptorOptions): readonly ProtocolInfo[] {
  if (only === undefined) return protocols;
  const protocol = protocols.find(({ name }) => name === only);
  if (!protocol) throw new Error(`unknown protocol ${only}`);
  return [{ ...protocol, sniff: () => 'yes' }]; // PORT-10
}
