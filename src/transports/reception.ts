import type { RequestListener } from 'node:http';
import type { Socket } from 'node:net';
import type { WebSocket } from 'ws';
import type { Clock } from '../core/ports.ts';
import { countedAddress } from './address.ts';
import type { Admission } from './admission.ts';
import type { Arrival } from './arrival.ts';
import { type Detection, detect, type Sniff } from './detect.ts';
import { HttpDoor } from './http.ts';
import type { Keeper } from './keeper.ts';
import type { TransportLimits } from './limits.ts';
import type { Link } from './link.ts';
import type { OriginPolicy } from './origin.ts';
import { sniffHttp, sniffTls, sniffZmtp } from './sniffers.ts';
import { TcpLink } from './tcp.ts';
import { type Certificate, TlsDoor } from './tls.ts';
import { closeWebSocket, messageBytes, WebSocketLink } from './websocket.ts';
import { closeCodes, type FrameType, POLICY_VIOLATION } from './websocket-frame.ts';
import { keepWebSocket } from './watched-websocket.ts';
import { ZmtpLink } from './zmtp.ts';
import { ZmtpDoor } from './zmtp-door.ts';

const KEEPALIVE_MS = 30_000;

/** What must be known of a protocol to find it and to send it. */
export type Spoken = {
  readonly name: string;
  readonly sniff: Sniff;
  /** How its messages are sent on a WebSocket. */
  readonly frames: FrameType;
  /** Whether its clients come by ZeroMQ too. */
  readonly zeromq: boolean;
};

export type ReceptionOptions = {
  readonly protocols: readonly Spoken[];
  /** The only protocol of a port of its own. */
  readonly only?: string;
  /** A port that ZeroMQ has for itself: no TLS, no HTTP, no protocol without it. */
  readonly zeromqOnly?: boolean;
  readonly certificate?: Certificate;
  readonly origins: OriginPolicy;
  /** Answers HTTP requests that are no WebSocket. */
  readonly handler: RequestListener;
  /** One line for strangers: what this server speaks. */
  readonly greeting: () => string;
  /** Takes each link once it is known what it speaks; somebody must listen to it before this returns. */
  readonly accept: (link: Link, protocol: string) => void;
  readonly admission: Admission;
  readonly keeper: Keeper;
  readonly limits: TransportLimits;
  readonly clock: Clock;
};

/** Something a connection may turn out to be; `settled` is called when it is clear what it speaks. */
type Opening = {
  readonly sniff: Sniff;
  readonly take: (socket: Socket, arrival: Arrival, settled: () => void) => void;
};

/** Receives the connections of one port: lets them in, finds out what they speak, passes them on. */
export class Reception {
  readonly #options: ReceptionOptions;
  readonly #spoken: readonly Spoken[];
  readonly #protocols: readonly Opening[];
  readonly #inside: readonly Opening[];
  readonly #outside: readonly Opening[];
  readonly #sockets = new Set<Socket>();

  /** Throws if `only` is no protocol, nobody comes by ZeroMQ to a port for it alone, or the certificate cannot be used. */
  constructor(options: ReceptionOptions) {
    const { certificate, zeromqOnly = false } = options;
    this.#options = options;
    this.#spoken = spokenOn(options);
    const zmtp = this.#zmtp();
    if (zeromqOnly && zmtp.length === 0) throw new Error('no protocol comes by ZeroMQ');
    this.#protocols = zeromqOnly ? [] : this.#spoken.map((spoken) => this.#raw(spoken)); // ZMTP-26
    this.#inside = zeromqOnly ? zmtp : [this.#http(), ...zmtp]; // ZMTP-26
    const tls = certificate && !zeromqOnly ? [this.#tls(new TlsDoor(certificate))] : []; // ZMTP-26
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

  #begin(socket: Socket, arrival: Arrival): void {
    const { clock, limits } = this.#options;
    const cancel = clock.after(limits.detectMs, () => socket.destroy()); // PORT-17
    this.#sockets.add(socket);
    socket.setNoDelay(true); // PORT-25
    socket.setKeepAlive(true, KEEPALIVE_MS); // PORT-25
    socket.on('error', () => {}); // `close` follows
    socket.once('close', () => {
      this.#sockets.delete(socket);
      arrival.ticket.release();
      cancel();
    });
    this.#detect(socket, arrival, this.#outside, cancel);
  }

  #detect(socket: Socket, arrival: Arrival, carriers: readonly Opening[], settled: () => void): void {
    let seen = Buffer.alloc(0);
    const hear = (bytes: Buffer) => {
      seen = Buffer.concat([seen, bytes]);
      const detection = this.#decide(carriers, seen);
      if (detection.type === 'more') return; // PORT-04
      socket.off('data', hear);
      socket.pause();
      socket.unshift(seen);
      if (detection.type === 'found') detection.found.take(socket, arrival, settled);
      else this.#greet(socket, arrival, settled);
    };
    socket.on('data', hear);
  }

  /** What carries protocols is looked for first, so that a port of one protocol understands it too. */
  #decide(carriers: readonly Opening[], seen: Uint8Array): Detection<Opening> {
    const carrier = detect(carriers, seen);
    return carrier.type === 'unknown' ? detect(this.#protocols, seen) : carrier; // PORT-01
  }

  #raw({ name, sniff }: Spoken): Opening {
    const take = (socket: Socket, arrival: Arrival, settled: () => void) => {
      settled();
      this.#options.accept(this.#link(socket, arrival), name);
    };
    return { sniff, take };
  }

  #tls(door: TlsDoor): Opening {
    const take = (socket: Socket, arrival: Arrival, settled: () => void) =>
      door.take(socket, (opened) => this.#detect(opened, { ...arrival, secure: true }, this.#inside, settled)); // PORT-06
    return { sniff: sniffTls, take };
  }

  #http(): Opening {
    const { limits, clock, origins, handler } = this.#options;
    const door = new HttpDoor({
      limits,
      clock,
      origins,
      handler,
      protocols: this.#spoken.map(({ name }) => name),
      upgraded: (ws, socket, arrival, hint) => this.#upgraded(ws, socket, arrival, hint),
    });
    const take = (socket: Socket, arrival: Arrival, settled: () => void) => {
      settled();
      door.take(socket, arrival);
    };
    return { sniff: sniffHttp, take };
  }

  /** Nothing where no protocol's clients come that way. */
  #zmtp(): readonly Opening[] {
    const { limits, clock, keeper, accept } = this.#options;
    const spoken = this.#spoken.find(({ zeromq }) => zeromq); // ZMTP-01
    if (!spoken) return []; // ZMTP-01
    const door = new ZmtpDoor(limits, clock);
    const take = (socket: Socket, arrival: Arrival, settled: () => void) =>
      door.take(socket, (hasHeartbeats) => {
        settled(); // ZMTP-12
        accept(new ZmtpLink(socket, arrival, hasHeartbeats, { keeper, limits, clock }), spoken.name);
      });
    return [{ sniff: sniffZmtp, take }];
  }

  #upgraded(ws: WebSocket, socket: Socket, arrival: Arrival, hint: string | null): void {
    const { keeper, accept } = this.#options;
    keepWebSocket(keeper, ws, socket);
    const spoken = this.#spoken.find(({ name }) => name === hint); // PORT-08
    if (spoken) accept(new WebSocketLink(ws, socket, arrival, spoken.frames, null), spoken.name);
    else this.#awaitMessage(ws, socket, arrival);
  }

  #awaitMessage(ws: WebSocket, socket: Socket, arrival: Arrival): void {
    const { clock, limits, accept, greeting } = this.#options;
    const late = () => closeWebSocket(ws, closeCodes.timeout, 'nothing was said');
    const cancel = clock.after(limits.detectMs, late); // PORT-17
    ws.once('close', cancel);
    ws.once('message', (data) => {
      cancel();
      ws.off('close', cancel);
      const first = messageBytes(data);
      const detection = detect(this.#spoken, first);
      if (detection.type !== 'found') return closeWebSocket(ws, POLICY_VIOLATION, greeting()); // PORT-11
      const { frames, name } = detection.found;
      accept(new WebSocketLink(ws, socket, arrival, frames, first), name);
    });
  }

  #greet(socket: Socket, arrival: Arrival, settled: () => void): void {
    settled();
    const link = this.#link(socket, arrival);
    link.write(Buffer.from(`${this.#options.greeting()}\n`)); // PORT-07
    link.end('broken', '');
  }

  #link(socket: Socket, arrival: Arrival): TcpLink {
    return new TcpLink(socket, arrival, this.#options.clock, this.#options.limits.endMs);
  }
}

/** What a port speaks. Whatever nothing else carries belongs to the protocol that has it alone, so that it gives the errors. */
function spokenOn({ only, protocols }: ReceptionOptions): readonly Spoken[] {
  if (only === undefined) return protocols;
  const spoken = protocols.find(({ name }) => name === only);
  if (!spoken) throw new Error(`unknown protocol ${only}`);
  return [{ ...spoken, sniff: () => 'yes' }]; // PORT-10
}
