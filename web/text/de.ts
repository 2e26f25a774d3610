import { account } from './de/account.ts';
import { connection } from './de/connection.ts';
import { entrance } from './de/entrance.ts';
import { failures } from './de/failures.ts';
import { directory } from './de/directory.ts';
import { invitations } from './de/invitations.ts';
import { people } from './de/people.ts';
import { rooms } from './de/rooms.ts';
import { settings } from './de/settings.ts';
import type { Texts } from './en.ts';
import { find } from './de/find.ts';
import { composer, conversation, message } from './de/conversation.ts';

const LANGUAGE = 'de';

/** The texts of the page in German. */
export const de: Texts = {
  language: LANGUAGE,
  account,
  entrance,
  connection,
  failures,
  settings,
  rooms,
  invitations,
  conversation,
  message,
  composer,
  people,
  directory,
  menu: {
    logOut: 'Abmelden',
    settings: 'Einstellungen',
    directory: 'Verzeichnis',
    search: 'Suche',
    back: 'Zurück',
    close: 'Schließen',
    people: 'Personen',
    home: 'Räume',
  },
  find,
  problem: (message) => `Das ging nicht: ${message}`,
};
