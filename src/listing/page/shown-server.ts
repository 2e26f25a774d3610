import type { ListedServer } from '../listed-server.ts';

/** What the page shows of a server. */
export type ShownServer = Pick<
  ListedServer,
  'id' | 'serverName' | 'address' | 'connectedUsers' | 'maxUsers' | 'pingMs' | 'upSince'
>;
