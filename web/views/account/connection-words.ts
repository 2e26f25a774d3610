import type { ConnectionStatus } from '../../state/connection-status.ts';
import type { Texts } from '../../text/en.ts';

/** Why there is no connection; null if there is one. */
export function offlineWords({ type }: ConnectionStatus, { connection }: Texts): string | null {
  switch (type) {
    case 'no-network':
      return connection.noNetwork;
    case 'stopped':
      return connection.stopped;
    case 'lost':
      return connection.lost;
    default:
      return null;
  }
}
