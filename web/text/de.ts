import { account } from './de/account.ts';
import { connection } from './de/connection.ts';
import { entrance } from './de/entrance.ts';
import { failures } from './de/failures.ts';
import { settings } from './de/settings.ts';
import type { Texts } from './en.ts';
import { find } from './de/find.ts';
import { plural } from './plural.ts';

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
  conversation: {
    empty: 'Hier hat noch niemand etwas gesagt.',
    emptyDirect: (name) => `Hier beginnt dein Gespräch mit ${name}.`,
    beginning: 'Hier ist der Anfang.',
    loading: 'Wird geladen ...',
    newMessages: 'Neu',
    latest: 'Neueste',
    latestUnread: (count) => many(count, '1 neue Nachricht', `${count} neue Nachrichten`),
    members: (count) => many(count, '1 Mitglied', `${count} Mitglieder`),
    notFound: 'Diesen Raum gibt es nicht, oder du bist nicht darin.',
    join: 'Dem Raum beitreten',
    messages: (name) => `Nachrichten in ${name}`,
    typing: (names, count) => many(count, `${names} schreibt ...`, `${names} schreiben ...`),
    deleted: 'Nachricht gelöscht',
    edited: 'bearbeitet',
    read: 'Gelesen',
    via: (protocol) => `über ${protocol}`,
    today: 'Heute',
    yesterday: 'Gestern',
    copy: 'Kopieren',
    copied: 'Kopiert',
  },
  message: {
    reply: 'Antworten',
    edit: 'Bearbeiten',
    delete: 'Löschen',
    more: 'Mehr',
    copyText: 'Text kopieren',
    copyLink: 'Link kopieren',
    markUnread: 'Ab hier ungelesen',
    inReplyTo: (name) => `Antwort an ${name}`,
    sending: 'Wird gesendet ...',
    waiting: 'Wartet auf die Verbindung',
    unknown: 'Vielleicht schon gesendet: die Antwort ging verloren.',
    refused: (reason) => `Nicht gesendet: ${reason}`,
    again: 'Noch einmal senden',
    toDraft: 'Bearbeiten',
    drop: 'Verwerfen',
    confirmDelete: 'Diese Nachricht für alle löschen?',
    cancel: 'Abbrechen',
  },
  composer: {
    label: (name) => `Nachricht an ${name}`,
    placeholder: (name) => `An ${name} schreiben`,
    send: 'Senden',
    save: 'Speichern',
    cancel: 'Abbrechen',
    editing: 'Du änderst deine Nachricht.',
    replyingTo: (name) => `Antwort an ${name}`,
    tooLong: (bytes) => many(bytes, '1 Byte zu lang', `${bytes} Bytes zu lang`),
    emoji: 'Emoji',
    file: 'Datei senden',
  },
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
