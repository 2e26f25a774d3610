import { account } from './de/account.ts';
import { connection } from './de/connection.ts';
import { entrance } from './de/entrance.ts';
import { failures } from './de/failures.ts';
import { settings } from './de/settings.ts';
import type { Texts } from './en.ts';
import { find } from './de/find.ts';
import { plural } from './plural.ts';
import { composer, conversation, message } from './de/conversation.ts';

const LANGUAGE = 'de';
const many = (count: number, one: string, other: string) => plural(LANGUAGE, count, { one, other });

/** The texts of the page in German. */
export const de: Texts = {
  language: LANGUAGE,
  account,
  entrance,
  connection,
  failures,
  settings,
  rooms: {
    title: 'Räume',
    directs: 'Personen',
    unread: (count) => many(count, '1 ungelesene Nachricht', `${count} ungelesene Nachrichten`),
    none: 'Du bist noch in keinem Raum.',
    create: 'Neuer Raum',
    find: 'Personen und Räume finden',
    deleted: '(Nachricht gelöscht)',
    muted: 'stumm',
  },
  conversation,
  message,
  composer,
  people: {
    title: 'Personen in diesem Raum',
    online: 'online',
    away: 'abwesend',
    busy: 'beschäftigt',
    offline: 'offline',
    guest: 'Gast',
    owner: 'Besitzer',
    moderator: 'Moderator',
    member: 'Mitglied',
    you: 'du',
    more: (count) => many(count, 'und 1 weitere', `und ${count} weitere`),
  },
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
