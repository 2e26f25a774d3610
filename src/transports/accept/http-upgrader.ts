import { createServer, type IncomingMessage, type RequestListener, type Server, type ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { type ServerOptions, type WebSocket, WebSocketServer } from 'ws';
import type { Clock } from '../../core/ports.ts';
import type { Accepted } from '../accepted.ts';
import type { TransportLimits } from '../limits.ts';
import { mayConnect, type OriginPolicy } from './origin.ts';

const REFUSAL = 'This page may not open a WebSocket here.\n';

export type HttpUpgraderOptions = {
  readonly limits: TransportLimits;
  readonly clock: Clock;
  readonly origins: OriginPolicy;
  /** The protocols a path or a subprotocol may name. */
  readonly protocols: readonly string[];
  /** Answers whatever is no WebSocket. */
  readonly handler: RequestListener;
  /** Takes a WebSocket that was let in; `hint` is the protocol it asked for, if it did. */
  readonly upgraded: (ws: WebSocket, socket: Socket, accepted: Accepted, hint: string | null) => void;
};

type HttpConnection = { readonly socket: Socket; readonly accepted: Accepted; requests: number; cancel: () => void };

/**
 * Speaks HTTP on sockets that it is handed. As it never listens itself, node's own deadlines for requests do not run;
 * the ones here take their place (T30).
 */
export class HttpUpgrader {
  readonly #options: HttpUpgraderOptions;
  readonly #server: Server;
  readonly #handshakes: WebSocketServer;
  readonly #connections = new WeakMap<Duplex, HttpConnection>();

  constructor(options: HttpUpgraderOptions) {
    const { limits } = options;
    this.#options = options;
    this.#server = createServer({ maxHeaderSize: limits.headBytes, keepAliveTimeout: limits.headMs }); // PORT-24
    this.#server.timeout = limits.unreadMs; // PORT-23
    this.#server.on('request', (request, response) => this.#request(request, response));
    this.#server.on('upgrade', (request, socket, head) => this.#upgrade(request, socket, head));
    this.#handshakes = new WebSocketServer(handshakeOptions(options));
  }

  /** Takes a paused socket whose first bytes are an HTTP request. */
  take(socket: Socket, accepted: Accepted): void {
    const visit: HttpConnection = { socket, accepted, requests: 0, cancel: () => {} };
    this.#connections.set(socket, visit);
    this.#awaitHead(visit);
    socket.once('close', () => visit.cancel());
    this.#server.emit('connection', socket);
    socket.resume();
  }

  /** One time for the rest of this request, for the pause after it and for the next head: idle connections end by it too. */
  #awaitHead(visit: HttpConnection): void {
    visit.cancel();
    visit.cancel = this.#options.clock.after(this.#options.limits.headMs, () => visit.socket.destroy()); // PORT-15
  }

  #request(request: IncomingMessage, response: ServerResponse): void {
    const visit = this.#connections.get(request.socket);
    if (!visit) return;
    visit.requests++;
    visit.cancel();
    visit.cancel = this.#options.clock.after(this.#options.limits.bodyMs, () => {
      if (!request.complete) visit.socket.destroy(); // PORT-16
    });
    response.once('close', () => {
      visit.requests--;
      if (visit.requests === 0 && !visit.socket.destroyed) this.#awaitHead(visit); // PORT-15
    });
    this.#options.handler(request, response);
  }

  #upgrade(request: IncomingMessage, duplex: Duplex, head: Buffer): void {
    const visit = this.#connections.get(duplex);
    if (!visit) return;
    const { socket, accepted } = visit;
    visit.cancel();
    const welcome = mayConnect(request.headers.origin, request.headers.host, this.#options.origins);
    if (!welcome) return refuse(socket); // PORT-12
    this.#handshakes.handleUpgrade(request, socket, head, (ws) => {
      ws.on('error', ignoreError);
      this.#options.upgraded(ws, socket, accepted, this.#hint(ws.protocol, request.url ?? ''));
    });
  }

  /** The subprotocol agreed on, else the first part of the path, if it is a protocol's name. */
  #hint(subprotocol: string, url: string): string | null {
    if (subprotocol !== '') return subprotocol; // PORT-09
    const part = url.split(/[/?]/)[1] ?? '';
    return this.#options.protocols.includes(part) ? part : null; // PORT-08
  }
}

function handshakeOptions({ limits, protocols }: HttpUpgraderOptions): ServerOptions & { closeTimeout: number } {
  return {
    noServer: true,
    clientTracking: false,
    perMessageDeflate: false, // PORT-31
    maxPayload: limits.messageBytes, // PORT-32
    maxFragments: limits.fragments, // PORT-32
    maxBufferedChunks: limits.pieces,
    closeTimeout: limits.endMs,
    handleProtocols: (offered) => [...offered].find((name) => protocols.includes(name)) ?? false, // PORT-09
  };
}

/** `ws` closes by itself with the fitting code. Made once, since a listener made in an upgrade would keep its request alive. */
function ignoreError(): void {}

function refuse(socket: Socket): void {
  socket.write(
    `HTTP/1.1 403 Forbidden\r\nConnection: close\r\nContent-Type: text/plain\r\nContent-Length: ${REFUSAL.length}\r\n\r\n${REFUSAL}`,
  );
  socket.destroySoon();
}
