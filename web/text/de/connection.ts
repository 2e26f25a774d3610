import type { connection as english } from '../en/connection.ts';
import { oneOrOther } from '../plural.ts';

const many = oneOrOther('de');

/** How the connection is. */
export const connection: typeof english = {
  lost: 'Keine Verbindung.',
  noNetwork: 'Dieses Gerät ist offline.',
  stopped: 'Der Server wurde angehalten.',
  notConnected: 'Nicht verbunden',
  back: 'Wieder verbunden.',
  sending: (count) => many(count, '1 Nachricht wird gesendet ...', (n) => `${n} Nachrichten werden gesendet ...`),
  waiting: (count) => many(count, '1 Nachricht wartet.', (n) => `${n} Nachrichten warten.`),
  stuck: (count) => many(count, '1 Nachricht ist nicht gesendet.', (n) => `${n} Nachrichten sind nicht gesendet.`),
  show: 'Zeigen',
  tryNow: 'Jetzt versuchen',
};
