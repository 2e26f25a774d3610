import type { account as english } from '../en/account.ts';
import { oneOrOther } from '../plural.ts';

const many = oneOrOther('de');

/** What one does with oneself: presence, account, logging out. */
export const account: typeof english = {
  menu: 'Du',
  status: 'Status',
  setStatus: 'Status setzen ...',
  statusHint: 'Andere sehen ihn neben deinem Namen, bis du gehst.',
  clearStatus: 'Leeren',
  online: 'Online',
  away: 'Abwesend',
  busy: 'Beschäftigt',
  invisible: 'Unsichtbar',
  settings: 'Einstellungen',
  logOut: 'Abmelden',
  logOutTitle: 'Abmelden?',
  logOutUnsent: (count) =>
    many(
      count,
      '1 Nachricht ist noch nicht gesendet und ginge verloren.',
      (n) => `${n} Nachrichten sind noch nicht gesendet und gingen verloren.`,
    ),
  logOutGuest: 'Du bist Gast: ohne Konto kann niemand als du wiederkommen, und deine direkten Gespräche wären weg.',
  stay: 'Bleiben',
  guest: 'Du bist Gast.',
  keepName: 'Namen behalten',
  becomeTitle: 'Konto anlegen',
  becomeHint:
    'Mit einem Konto behältst du diesen Namen, deine Räume und deine Gespräche und kommst von überall wieder.',
  become: 'Konto anlegen',
  name: 'Name',
  password: 'Passwort',
  currentPassword: 'Jetziges Passwort',
  newPassword: 'Neues Passwort',
  changePassword: 'Passwort ändern',
  changePasswordHint: 'Hier bleibst du angemeldet, überall sonst wirst du abgemeldet.',
  passwordChanged: 'Das Passwort ist geändert.',
  delete: 'Konto löschen',
  deleteTitle: 'Dieses Konto löschen?',
  deleteHint:
    'Dein Profil, deine Kontakte und deine Mitgliedschaften werden gelöscht. Deinen Namen bekommt nie jemand anderes. Was du in Räumen geschrieben hast, bleibt. Das lässt sich nicht rückgängig machen.',
  save: 'Speichern',
  cancel: 'Abbrechen',
};
