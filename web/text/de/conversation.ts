import type * as en from '../en/conversation.ts';
import { oneOrOther } from '../plural.ts';

const many = oneOrOther('de');

/** The texts of a conversation as a whole. */
export const conversation: typeof en.conversation = {
  empty: 'Hier hat noch niemand etwas gesagt.',
  emptyDirect: (name) => `Hier beginnt dein Gespräch mit ${name}.`,
  beginning: 'Hier ist der Anfang.',
  loading: 'Wird geladen ...',
  newMessages: 'Neu',
  latest: 'Neueste',
  latestUnread: (count) => many(count, '1 neue Nachricht', (n) => `${n} neue Nachrichten`),
  members: (count) => many(count, '1 Mitglied', (n) => `${n} Mitglieder`),
  messages: (name) => `Nachrichten in ${name}`,
  typing: (names, count) => many(count, `${names} schreibt ...`, `${names} schreiben ...`),
  deleted: 'Nachricht gelöscht',
  edited: 'bearbeitet',
  read: 'Gelesen',
  today: 'Heute',
  yesterday: 'Gestern',
  copy: 'Kopieren',
  copied: 'Kopiert',
};

/** The texts of one message. */
export const message: typeof en.message = {
  reply: 'Antworten',
  edit: 'Bearbeiten',
  delete: 'Löschen',
  more: 'Mehr',
  copyText: 'Text kopieren',
  copyLink: 'Link kopieren',
  markUnread: 'Ab hier ungelesen',
  details: 'Einzelheiten',
  from: 'Von',
  sentAt: 'Gesendet',
  editedAt: 'Bearbeitet',
  via: 'Über das Protokoll',
  number: 'Nummer',
  inReplyTo: (name) => `Antwort an ${name}`,
  sending: 'Wird gesendet ...',
  waiting: 'Wartet auf die Verbindung',
  queued: 'Wartet auf die Datei',
  unknown: 'Vielleicht schon gesendet: die Antwort ging verloren.',
  refused: (reason) => `Nicht gesendet: ${reason}`,
  again: 'Noch einmal senden',
  toDraft: 'Bearbeiten',
  drop: 'Verwerfen',
  confirmDelete: 'Diese Nachricht für alle löschen?',
  cancel: 'Abbrechen',
  download: (name, size) => `${name} herunterladen, ${size}`,
  enlarge: (name) => `${name} groß zeigen`,
  save: 'Bild speichern',
};

/** The texts of the field where one writes. */
export const composer: typeof en.composer = {
  label: (name) => `Nachricht an ${name}`,
  placeholder: (name) => `An ${name} schreiben`,
  send: 'Senden',
  save: 'Speichern',
  cancel: 'Abbrechen',
  editing: 'Du änderst deine Nachricht.',
  replyingTo: (name) => `Antwort an ${name}`,
  tooLong: (bytes) => many(bytes, '1 Byte zu lang', (n) => `${n} Bytes zu lang`),
  bytesLeft: (bytes) => many(bytes, 'noch 1 Byte', (n) => `noch ${n} Bytes`),
  emoji: 'Emoji',
  findEmoji: 'Emoji suchen',
  noEmoji: 'Kein Emoji heißt so.',
  file: 'Datei senden',
  files: 'Dateien dieser Nachricht',
  dropHere: 'Dateien hier ablegen, um sie zu senden.',
  tooLarge: (name, most) => `${name} ist zu groß: eine Datei darf hier ${most} haben.`,
  uploading: (name) => `${name} ist unterwegs`,
  removeFile: (name) => `${name} entfernen`,
  uploadFailed: (status, reason) =>
    status === 0
      ? 'Die Verbindung ging verloren.'
      : status === 413
        ? 'Die Datei ist zu groß.'
        : status === 403 || status === 507
          ? 'Für deine Dateien ist auf diesem Server kein Platz mehr.'
          : status === 429 || status === 503
            ? 'Der Server hat viel zu tun. Versuche es gleich noch einmal.'
            : `Die Datei wurde nicht angenommen${reason === '' ? '.' : `: ${reason}`}`,
};
