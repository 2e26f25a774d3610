import type { ShownServer } from '../src/listing/page/shown-server.ts';

/** A server as the page of the directory shows it. */
export function shownServer(known: Partial<ShownServer> = {}): ShownServer {
  const { id = 1 } = known;
  return {
    id,
    serverName: `server ${id}`,
    address: `chat${id}.example.org:5000`,
    connectedUsers: 3,
    maxUsers: 50,
    pingMs: 12,
    upSince: 0,
    ...known,
  };
}
