import type { Socket } from 'node:net';
import type { WebSocket } from 'ws';
import type { AddressRanges } from '../address-ranges.ts';
import type { Clock, Log } from '../../core/ports.ts';
import { countedAddress } from '../address.ts';
import type { AckMonitor } from '../ack-monitor.ts';
import type { Admission } from './admission.ts';
import type { Accepted } from '../accepted.ts';
import { isOnlyMark, withoutMark } from '../byte-order-mark.ts';
import { type Detection, detect, type Sniff } from './detect.ts';
import { type HttpHandler, HttpUpgrader } from './http-upgrader.ts';
import type { LivenessMonitor } from '../liveness-monitor.ts';
import type { TransportLimits } from '../limits.ts';
import type { Link } from '../link.ts';
import type { OriginPolicy } from './origin.ts';
import { ProxyReader } from './proxy-reader.ts';
import { sniffProxyHeader } from './proxy-header.ts';
import { sniffHttp, sniffTls, sniffZmtp } from './sniffers.ts';
import { TcpLink } from '../tcp-link.ts';
import { type ProtocolInfo, protocolsOf } from './protocol-info.ts';
import type { TlsTerminator } from './tls.ts';
import { closeWebSocket, toBytes, WebSocketLink } from '../websocket/link.ts';
import { closeCodes, POLICY_VIOLATION } from '../websocket/frames.ts';
import { monitorWebSocket } from '../websocket/liveness.ts';
import { ZmtpLink } from '../zmtp/link.ts';
import { ZmtpHandshaker } from '../zmtp/handshaker.ts';

const KEEPALIVE_MS = 30_000;

export type AcceptorOptions = {
  readonly protocols: readonly ProtocolInfo[];
  /** The only protocol on this port. */
  readonly only?: string;
  /** Only ZeroMQ on this port: no TLS, no HTTP, no protocol without ZeroMQ. */
  readonly zeromqOnly?: boolean;
  /** Without it there is no TLS. */
  readonly tls?: TlsTerminator;
  readonly origins: OriginPolicy;
  /** The addresses whose word about their clients counts. */
  readonly proxies: AddressRanges;
  /** Answers HTTP requests that are no WebSocket. */
  readonly handler: HttpHandler;
  /** One line for clients of other protocols: what this port speaks. */
  readonly usage: () => string;
  /** Takes each link once its protocol is known. It must call `listen` before it returns. */
  readonly accept: (link: Link, protocol: string) => void;
  readonly admission: Admission;
  readonly liveness: LivenessMonitor;
  readonly acks: AckMonitor;
  readonly limits: TransportLimits;
  readonly clock: Clock;
  readonly log: Log;
};

/** A connection until it is a link. */
type Arrival = {
  /** Ends the deadline of the detection. */
  readonly detected: () => void;
  readonly destroy: () => void;
  /** Ends the connection in words that its client understands, once the server stops. Does nothing for a link. */
  farewell: () => void;
  /** Ends the connection because nothing was said in time. */
  expire: () => void;
};

/** A protocol or a carrier that first bytes may belong to. */
type Candidate = {
  readonly sniff: Sniff;
  readonly take: (socket: Socket, accepted: Accepted, arrival: Arrival) => void;
};

/** Receives the connections of one port: admits them, detects what they speak, passes them on as links. */
export class Acceptor {
  readonly #options: AcceptorOptions;
  readonly #protocols: readonly ProtocolInfo[];
  readonly #streams: readonly Candidate[];
  readonly #insideTls: readonly Candidate[];
  readonly #carriers: readonly Candidate[];
  readonly #proxy: Candidate;
  readonly #arrivals = new Map<Socket, Arrival>();

  /** Throws if `only` is no protocol, or if `zeromqOnly` is set and no protocol has ZeroMQ. */
  constructor(options: AcceptorOptions) {
    const { zeromqOnly = false } = options;
    this.#options = options;
    this.#protocols = protocolsOf(options.protocols, options.only);
    const zmtp = this.#zmtp();
    if (zeromqOnly && zmtp.length === 0) throw new Error('no protocol is spoken over ZeroMQ');
    this.#streams = zeromqOnly ? [] : this.#protocols.map((protocol) => this.#stream(protocol)); // ZMTP-26
    this.#insideTls = zeromqOnly ? zmtp : [this.#http(), ...zmtp]; // ZMTP-26
    const tls = options.tls && !zeromqOnly ? [this.#tls(options.tls)] : []; // ZMTP-26
    this.#proxy = this.#proxyHeader();
    this.#carriers = [...tls, ...this.#insideTls];
  }

  receive(socket: Socket): void {
    const { admission, proxies, clock } = this.#options;
    const peer = socket.remoteAddress ?? '';
    const address = countedAddress(peer);
    const isProxy = proxies.has(peer); // PORT-73
    const ticket = isProxy ? admission.admitProxy(address) : admission.admit(address);
    const openedAt = clock.monotonic();
    if (ticket) this.#begin(socket, { address, ip: peer, isProxy, secure: false, ticket, openedAt });
    else socket.destroy();
  }

  /** Ends every connection that is no link; resolves when all connections are closed. */
  async end(): Promise<void> {
    const closed = [...this.#arrivals.keys()].map((socket) => new Promise((done) => socket.once('close', done)));
    for (const { farewell } of this.#arrivals.values()) farewell(); // PORT-67
    await Promise.all(closed);
  }

  destroyAll(): void {
    for (const socket of this.#arrivals.keys()) socket.destroy();
  }

  #begin(socket: Socket, accepted: Accepted): void {
    const { clock, limits } = this.#options;
    const deadline = this.#own === null ? limits.detectMs : limits.loginMs; // PORT-17
    const cancel = clock.after(deadline, () => arrival.expire()); // PORT-17
    const destroy = () => void socket.destroy();
    const arrival: Arrival = { detected: cancel, destroy, farewell: destroy, expire: destroy };
    this.#arrivals.set(socket, arrival);
    socket.setNoDelay(true); // PORT-25
    socket.setKeepAlive(true, KEEPALIVE_MS); // PORT-25
    socket.on('error', () => {}); // `close` follows
    socket.once('close', () => {
      this.#arrivals.delete(socket);
      accepted.ticket.release();
      cancel();
    });
    this.#detectAfterProxy(socket, accepted, arrival);
  }

  /** Only a trusted proxy may say who its client is. */
  #detectAfterProxy(socket: Socket, accepted: Accepted, arrival: Arrival): void {
    const carriers = accepted.isProxy ? [this.#proxy, ...this.#carriers] : this.#carriers; // PORT-73
    this.#detect(socket, accepted, carriers, arrival);
  }

  #detect(socket: Socket, accepted: Accepted, carriers: readonly Candidate[], arrival: Arrival): void {
    let received = Buffer.alloc(0);
    const onData = (bytes: Buffer) => {
      received = Buffer.concat([received, bytes]);
      if (isOnlyMark(received)) return; // PORT-05
      const detection = this.#find(carriers, withoutMark(received)); // PORT-05
      if (detection.type === 'more') return; // PORT-04
      giveTo(detection.type === 'found' ? detection.found : null);
    };
    const giveTo = (candidate: Candidate | null) => {
      stop();
      socket.allowHalfOpen = false;
      socket.pause();
      socket.unshift(withoutMark(received)); // PORT-05
      if (candidate === null) this.#reject(socket, accepted, arrival);
      else candidate.take(socket, accepted, arrival);
    };
    const onEnd = () => {
      stop();
      this.#reject(socket, accepted, arrival); // PORT-62
    };
    const stop = () => {
      socket.off('data', onData);
      socket.off('end', onEnd);
      // They would keep the bytes of the detection in memory as long as the connection.
      arrival.farewell = arrival.destroy;
      arrival.expire = arrival.destroy;
    };
    arrival.farewell = onEnd; // PORT-67
    arrival.expire = () => giveTo(this.#own); // PORT-17
    socket.allowHalfOpen = true; // PORT-62
    socket.on('data', onData);
    socket.once('end', onEnd);
  }

  /** What a port of one protocol gives a silent connection to, so that it ends in the words of the protocol. */
  get #own(): Candidate | null {
    return this.#options.only === undefined ? null : (this.#streams[0] ?? null);
  }

  /** TLS, HTTP and ZeroMQ go before protocols, so that they also work on a port of one protocol. */
  #find(carriers: readonly Candidate[], bytes: Uint8Array): Detection<Candidate> {
    const carrier = detect(carriers, bytes);
    return carrier.type === 'unknown' ? detect(this.#streams, bytes) : carrier; // PORT-01
  }

  #stream({ name, sniff }: ProtocolInfo): Candidate {
    const take = (socket: Socket, accepted: Accepted, arrival: Arrival) => {
      handOver(arrival);
      if (!accepted.ticket.assign(accepted.address)) return void socket.destroy(); // PORT-78
      this.#options.accept(this.#link(socket, accepted), name);
    };
    return { sniff, take };
  }

  #proxyHeader(): Candidate {
    const { clock, log, proxies } = this.#options;
    const reader = new ProxyReader(clock, log);
    const take = (socket: Socket, accepted: Accepted, arrival: Arrival) =>
      reader.take(socket, accepted.address, (source) => {
        const ip = source ?? accepted.ip;
        const address = countedAddress(ip);
        const isProxy = source === null || proxies.has(source); // PORT-74
        if (!isProxy && !accepted.ticket.assign(address)) return void socket.destroy(); // PORT-78
        this.#detectAfterProxy(socket, { ...accepted, address, ip, isProxy }, arrival);
      });
    return { sniff: sniffProxyHeader, take };
  }

  #tls(terminator: TlsTerminator): Candidate {
    const take = (socket: Socket, accepted: Accepted, arrival: Arrival) =>
      terminator.take(socket, (decrypted) =>
        this.#detect(decrypted, { ...accepted, secure: true }, this.#insideTls, arrival),
      ); // PORT-06
    return { sniff: sniffTls, take };
  }

  #http(): Candidate {
    const { limits, clock, log, origins, proxies, handler } = this.#options;
    const upgrader = new HttpUpgrader({
      limits,
      clock,
      log,
      origins,
      proxies,
      handler,
      protocols: this.#protocols.map(({ name }) => name),
      upgraded: (ws, socket, accepted, name) => this.#upgraded(ws, socket, accepted, name),
    });
    const take = (socket: Socket, accepted: Accepted, arrival: Arrival) => {
      arrival.detected();
      arrival.farewell = () => upgrader.end(socket);
      upgrader.take(socket, accepted);
    };
    return { sniff: sniffHttp, take };
  }

  /** Empty if no protocol is spoken over ZeroMQ. */
  #zmtp(): readonly Candidate[] {
    const { accept } = this.#options;
    const protocol = this.#protocols.find(({ zeromq }) => zeromq); // ZMTP-01
    if (!protocol) return []; // ZMTP-01
    const handshaker = new ZmtpHandshaker(this.#options.limits, this.#options.clock);
    const take = (socket: Socket, accepted: Accepted, arrival: Arrival) =>
      handshaker.take(socket, (hasHeartbeats) => {
        handOver(arrival); // ZMTP-12
        if (!accepted.ticket.assign(accepted.address)) return void socket.destroy(); // PORT-78
        accept(new ZmtpLink(socket, accepted, hasHeartbeats, this.#options), protocol.name);
      });
    return [{ sniff: sniffZmtp, take }];
  }

  #upgraded(ws: WebSocket, socket: Socket, accepted: Accepted, named: string | null): void {
    const { liveness, accept, clock } = this.#options;
    const opened = { ...accepted, openedAt: clock.monotonic() };
    monitorWebSocket(liveness, ws, socket);
    const protocol = this.#protocols.find(({ name }) => name === named); // PORT-08
    if (protocol) accept(new WebSocketLink(ws, socket, opened, protocol.frames, null), protocol.name);
    else this.#awaitFirstMessage(ws, socket, opened);
  }

  #awaitFirstMessage(ws: WebSocket, socket: Socket, accepted: Accepted): void {
    const { clock, limits, accept, usage } = this.#options;
    const late = () => closeWebSocket(ws, closeCodes.timeout, 'no login came in time');
    const cancel = clock.after(limits.loginMs, late); // PORT-17
    ws.once('close', cancel);
    ws.once('message', (data) => {
      cancel();
      ws.off('close', cancel);
      const first = withoutMark(toBytes(data)); // PORT-05
      const detection = detect(this.#protocols, first);
      if (detection.type !== 'found') return closeWebSocket(ws, POLICY_VIOLATION, usage()); // PORT-11
      const { frames, name } = detection.found;
      accept(new WebSocketLink(ws, socket, accepted, frames, first), name);
    });
  }

  #reject(socket: Socket, accepted: Accepted, arrival: Arrival): void {
    handOver(arrival);
    const link = this.#link(socket, accepted);
    link.write(Buffer.from(`${this.#options.usage()}\n`)); // PORT-07
    link.end('broken', '');
  }

  #link(socket: Socket, accepted: Accepted): TcpLink {
    return new TcpLink(socket, accepted, this.#options);
  }
}

function nothing(): void {}

/** From now on the link ends the connection. */
function handOver(arrival: Arrival): void {
  arrival.detected();
  arrival.farewell = nothing;
  arrival.expire = nothing;
}
