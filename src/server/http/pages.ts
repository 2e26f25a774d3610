import type { IncomingMessage } from 'node:http';
import type { Protocol } from '../../protocols/protocol.ts';
import { isForwarded } from '../../transports/accept/forwarded.ts';
import { parseTarget } from '../../transports/accept/target.ts';
import type { HttpHandler } from '../../transports/accept/http-upgrader.ts';
import { isLoopback } from '../../transports/address.ts';
import { CANNOT_BE_SHOWN, isReading, NO_SUCH_PAGE, ONLY_READ, type Page, sendPage, TEXT } from './answer.ts';

/** The facts on the pages. */
export type PageSources = {
  readonly name: string;
  readonly protocols: readonly Pick<Protocol, 'name' | 'title' | 'zeromq'>[];
  /** Why the server takes no writes; null if it does and is not stopping. */
  readonly problem: () => Promise<string | null>;
  readonly metrics: () => Promise<{ readonly type: string; readonly text: string }>;
  /** Whether other machines may read the metrics. */
  readonly publicMetrics: boolean;
};

/** Who asks for a page. */
type Visitor = {
  readonly isLocal: boolean;
  /** The option without which a browser could not chat from this address; null if it can. */
  readonly missingOption: string | null;
};

/** Answers HTTP requests other than WebSocket handshakes: the home page, the health and the metrics. */
export function answerPages(sources: PageSources): HttpHandler {
  return (request, response, { address, missingOption }) => {
    const isLocal = !isForwarded(request.headers) && isLoopback(address); // SERVER-43
    void pageFor(sources, request, { isLocal, missingOption }).then(
      (page) => sendPage(request, response, page),
      () => sendPage(request, response, CANNOT_BE_SHOWN),
    );
  };
}

async function pageFor(sources: PageSources, request: IncomingMessage, visitor: Visitor): Promise<Page> {
  const { path } = parseTarget(request.url ?? '');
  const page = path === '/' ? home : path === '/healthz' ? health : path === '/metrics' ? metrics : null;
  if (page === null) return NO_SUCH_PAGE; // SERVER-45
  if (!isReading(request)) return ONLY_READ; // SERVER-45
  return page(sources, visitor);
}

async function home({ name, protocols }: PageSources, { missingOption }: Visitor): Promise<Page> {
  const lines = [
    `${name}: a chat server (Parlance).`,
    '',
    'Connect a chat client to this address and port, by WebSocket or TCP. TLS works too, if the server has a certificate.',
    'It speaks:',
    ...protocols.map(({ name, title, zeromq }) => `  ${name}: ${title}${zeromq ? ' (also by ZeroMQ)' : ''}`),
    '',
    ...(missingOption === null
      ? []
      : [
          'From this page itself a browser cannot chat: the server does not know this address as its own.',
          `The operator starts it with ${missingOption}, and then it can.`, // SERVER-133
          '',
        ]),
  ];
  return { status: 200, type: TEXT, text: lines.join('\n') };
}

async function health({ problem }: PageSources): Promise<Page> {
  const reason = await problem();
  const text = JSON.stringify(reason === null ? { status: 'ok' } : { status: 'unavailable', reason });
  return { status: reason === null ? 200 : 503, type: 'application/json', text: `${text}\n` }; // SERVER-40
}

async function metrics(sources: PageSources, { isLocal }: Visitor): Promise<Page> {
  if (!sources.publicMetrics && !isLocal) {
    return { status: 403, type: TEXT, text: 'Only the machine that this server runs on may read this.\n' }; // SERVER-43
  }
  return { status: 200, ...(await sources.metrics()) };
}
