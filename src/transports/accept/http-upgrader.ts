import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { type ServerOptions, type WebSocket, WebSocketServer } from 'ws';
import type { AddressRanges } from '../address-ranges.ts';
import type { Clock, Log } from '../../core/ports.ts';
import type { Accepted } from '../accepted.ts';
import type { TransportLimits } from '../limits.ts';
import { clientOf, type HttpClient, isForwarded } from './forwarded.ts';
import { OnceAMinute } from './once-a-minute.ts';
import { missingOption, type OriginPolicy } from './origin.ts';
import { closeWebSocket } from '../websocket/link.ts';
import { closeCodes } from '../websocket/frames.ts';
import { endSocket } from '../socket-writer.ts';
import { parseTarget } from './target.ts';

const STOPPING = 'server is stopping';
const WEBSOCKET = 'websocket';
const TOO_MANY = 'There are too many connections from your address. Try again in a minute.\n';
const NO_TUNNEL = 'This server is no proxy.\n';

/** Who sends a request. */
export type HttpVisitor = {
  readonly address: string;
  /** The whole IP address, where `address` is as limits count it; null if a proxy does not name it. */
  readonly ip: string | null;
  /** The option without which the requested page itself could not open a WebSocket here; null if it can. */
  readonly missingOption: string | null;
  /** The scheme and the host by which the client asks, as it names them; null if it names no host. */
  readonly origin: string | null;
  /** Gives the body of the request as long again as it had at first, for one that is larger than a message. */
  readonly extendBody: () => void;
  /** Null if the page that sends the request may use this server, else what to tell it; then that is logged, too. */
  readonly originRefusal: () => string | null;
};

/** Answers a request that is no WebSocket. */
export type HttpHandler = (request: IncomingMessage, response: ServerResponse, visitor: HttpVisitor) => void;

export type HttpUpgraderOptions = {
  readonly limits: TransportLimits;
  readonly clock: Clock;
  readonly log: Log;
  readonly origins: OriginPolicy;
  readonly proxies: AddressRanges;
  /** The names that a path or a subprotocol may have. */
  readonly protocols: readonly string[];
  /** Answers requests that are no WebSocket. */
  readonly handler: HttpHandler;
  /** Takes an open WebSocket and the protocol that it names, if any. */
  readonly upgraded: (ws: WebSocket, socket: Socket, accepted: Accepted, protocol: string | null) => void;
};

type HttpConnection = {
  readonly socket: Socket;
  readonly accepted: Accepted;
  /** How many have no whole answer yet. */
  requests: number;
  /** Ends the current deadline. */
  cancel: () => void;
  webSocket: WebSocket | null;
  isEnding: boolean;
};

/**
 * Serves HTTP on sockets that it is given and upgrades WebSockets. Node's own request timeouts run only on a server that
 * listens, so this class has its own (T30).
 */
export class HttpUpgrader {
  readonly #options: HttpUpgraderOptions;
  readonly #server: Server;
  readonly #webSockets: WebSocketServer;
  readonly #refused: OnceAMinute;
  readonly #connections = new WeakMap<Duplex, HttpConnection>();

  constructor(options: HttpUpgraderOptions) {
    const { limits, clock } = options;
    this.#options = options;
    this.#refused = new OnceAMinute(clock);
    this.#server = createServer({
      maxHeaderSize: limits.headBytes, // PORT-24
      keepAliveTimeout: limits.headMs,
      shouldUpgradeCallback: asksForWebSocket, // PORT-60
    });
    Object.assign(this.#server, { httpAllowHalfOpen: true }); // PORT-62
    this.#server.timeout = limits.unreadMs; // PORT-23
    this.#server.on('request', (request, response) => this.#request(request, response));
    this.#server.on('upgrade', (request, socket, head) => this.#upgrade(request, socket, head));
    this.#server.on('connect', (_request, socket) => this.#refuse(socket, '405 Method Not Allowed', NO_TUNNEL)); // PORT-63
    this.#webSockets = new WebSocketServer(handshakeOptions(options));
  }

  /** Takes a paused socket that begins with an HTTP request. */
  take(socket: Socket, accepted: Accepted): void {
    const connection: HttpConnection = {
      socket,
      accepted,
      requests: 0,
      cancel: () => {},
      webSocket: null,
      isEnding: false,
    };
    this.#connections.set(socket, connection);
    socket.allowHalfOpen = true; // PORT-62
    this.#awaitHead(connection);
    socket.once('close', () => connection.cancel());
    this.#server.emit('connection', socket);
    socket.resume();
  }

  /** Ends the connection on such a socket: a WebSocket as the server stops, anything else after the begun answers. */
  end(socket: Socket): void {
    const connection = this.#connections.get(socket);
    if (!connection) return;
    if (connection.webSocket) return closeWebSocket(connection.webSocket, closeCodes.stopping, STOPPING); // PORT-67
    connection.isEnding = true;
    if (connection.requests === 0) return this.#endIdle(connection); // PORT-67
    connection.cancel();
    connection.cancel = this.#options.clock.after(this.#options.limits.endMs, () => socket.destroy()); // PORT-67
  }

  #endIdle({ socket, cancel }: HttpConnection): void {
    cancel();
    endSocket(socket, this.#options.clock, this.#options.limits.endMs);
  }

  /** One deadline for the pause and the next head together, so that it closes idle connections too. */
  #awaitHead(connection: HttpConnection): void {
    connection.cancel();
    connection.cancel = this.#options.clock.after(this.#options.limits.headMs, () => connection.socket.destroy()); // PORT-15
  }

  #awaitBody(connection: HttpConnection, request: IncomingMessage): void {
    connection.cancel();
    connection.cancel = this.#options.clock.after(this.#options.limits.bodyMs, () => {
      if (!request.complete) connection.socket.destroy(); // PORT-16
    });
  }

  #request(request: IncomingMessage, response: ServerResponse): void {
    const connection = this.#connections.get(request.socket);
    if (!connection) return;
    connection.requests++;
    this.#awaitBody(connection, request);
    response.once('close', () => {
      connection.requests--;
      if (connection.requests > 0 || connection.socket.destroyed) return;
      if (connection.isEnding)
        this.#endIdle(connection); // PORT-67
      else this.#awaitHead(connection); // PORT-15
    });
    if (ignoresUpgrade(request)) response.setHeader('Connection', 'close'); // PORT-60
    const { secure } = connection.accepted;
    const client = clientOf(request.headers, connection.accepted, this.#options.proxies);
    const host = hostOf(request, client);
    const origin = host === undefined ? undefined : `${client.secure ? 'https' : 'http'}://${host}`; // PORT-12
    this.#options.handler(request, response, {
      address: client.address,
      ip: client.ip,
      origin: origin ?? null,
      extendBody: () => request.complete || connection.isEnding || this.#awaitBody(connection, request), // PORT-16
      missingOption: this.#missingOption(origin, request, client, secure),
      originRefusal: () => this.#originRefusal(request, client, secure),
    });
  }

  #upgrade(request: IncomingMessage, duplex: Duplex, head: Buffer): void {
    const connection = this.#connections.get(duplex);
    if (!connection) return;
    const { socket, accepted } = connection;
    connection.cancel();
    request.headers.upgrade = WEBSOCKET; // PORT-60
    const client = clientOf(request.headers, accepted, this.#options.proxies);
    const refusal = this.#originRefusal(request, client, accepted.secure);
    if (refusal !== null) return this.#refuse(socket, '403 Forbidden', refusal); // PORT-12
    const { address, secure } = client;
    if (!accepted.ticket.assign(address)) return this.#refuse(socket, '503 Service Unavailable', TOO_MANY); // PORT-78
    this.#webSockets.handleUpgrade(request, socket, head, (ws) => {
      ws.on('error', ignoreError);
      connection.webSocket = ws;
      const opened = { ...accepted, address, secure, isProxy: false };
      this.#options.upgraded(ws, socket, opened, this.#namedProtocol(ws.protocol, request.url ?? ''));
    });
  }

  /** What to tell a page that may not use this server, which is logged; null if it may. */
  #originRefusal(request: IncomingMessage, client: HttpClient, isTls: boolean): string | null {
    const { headers } = request;
    const origin = headers.origin ?? headers['sec-websocket-origin']?.toString(); // PORT-12
    const option = this.#missingOption(origin, request, client, isTls);
    if (option === null) return null;
    if (this.#refused.isFirst(client.address)) {
      const host = hostOf(request, client) ?? null;
      this.#options.log.warn('origin-refused', { address: client.address, origin: origin ?? null, host, option }); // PORT-66
    }
    return `A page of this origin may not use this server. The operator allows it with ${option}\n`; // PORT-65
  }

  #missingOption(
    origin: string | undefined,
    request: IncomingMessage,
    client: HttpClient,
    isTls: boolean,
  ): string | null {
    const isOwnTls = isTls && !isForwarded(request.headers); // PORT-14
    return missingOption({ origin, host: hostOf(request, client), isOwnTls }, this.#options.origins); // PORT-14
  }

  /** Answers a request that Node leaves to us, and ends the connection. The text must be ASCII. */
  #refuse(duplex: Duplex, status: string, text: string): void {
    const connection = this.#connections.get(duplex);
    const head = [
      `HTTP/1.1 ${status}`,
      'Connection: close',
      'Content-Type: text/plain',
      'X-Content-Type-Options: nosniff',
      `Content-Length: ${text.length}`,
    ];
    duplex.write(`${head.join('\r\n')}\r\n\r\n${text}`);
    if (connection) this.#endIdle(connection);
  }

  /** The subprotocol agreed on, else the first part of the path if a protocol has that name. */
  #namedProtocol(subprotocol: string, url: string): string | null {
    if (subprotocol !== '') return subprotocol; // PORT-09
    const part = parseTarget(url).path.split('/')[1] ?? '';
    return this.#options.protocols.includes(part) ? part : null; // PORT-08
  }
}

function hostOf({ url = '' }: IncomingMessage, client: HttpClient): string | undefined {
  return parseTarget(url).host ?? client.host; // PORT-61
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

/** Whether a request asks for a WebSocket, perhaps among other protocols (RFC 9110, 7.8; RFC 6455, 4.2.1). */
function asksForWebSocket({ method, httpVersion, headers }: IncomingMessage): boolean {
  const protocols = headers.upgrade?.split(',').map((protocol) => protocol.trim().toLowerCase()) ?? [];
  return method === 'GET' && httpVersion === '1.1' && protocols.includes(WEBSOCKET); // PORT-60
}

/** Whether the request asks for another protocol. Node's parser then skips requests that came in one read with it. */
function ignoresUpgrade({ headers: { upgrade, connection } }: IncomingMessage): boolean {
  return upgrade !== undefined && connection !== undefined && /\bupgrade\b/i.test(connection);
}

/** `ws` itself closes with the right code. One function for all, since a closure would keep its request in memory. */
function ignoreError(): void {}
