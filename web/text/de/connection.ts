import type { connection as english } from '../en/connection.ts';
import { plural } from '../plural.ts';

const many = (count: number, one: string, other: string) => plural('de', count, { one, other });

/** How the connection is. */
export const connection: typeof english = {
  lost: 'Keine Verbindung.',
  noNetwork: 'Dieses Gerät ist offline.',
  stopped: 'Der Server wurde angehalten.',
  notConnected: 'Nicht verbunden',
  back: 'Wieder verbunden.',
  sending: (count) => many(count, '1 Nachricht wird gesendet ...', `${count} Nachrichten werden gesendet ...`),
  waiting: (count) => many(count, '1 Nachricht wartet.', `${count} Nachrichten warten.`),
  stuck: (count) => many(count, '1 Nachricht ist nicht gesendet.', `${count} Nachrichten sind nicht gesendet.`),
  show: 'Zeigen',
  tryNow: 'Jetzt versuchen',
};
