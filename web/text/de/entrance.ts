import type { entrance as english } from '../en/entrance.ts';
import { oneOrOther } from '../plural.ts';

const many = oneOrOther('de');

/** Where one logs in. */
export const entrance: typeof english = {
  title: (server) => `Willkommen bei ${server}`,
  ways: 'Wie man hereinkommt',
  logIn: 'Anmelden',
  signUp: 'Konto anlegen',
  guest: 'Als Gast eintreten',
  guestShort: 'Gast',
  signUpShort: 'Neues Konto',
  name: 'Name',
  nameHint: 'Mit ihm erwähnen dich andere. Er lässt sich später nicht ändern.',
  password: 'Passwort',
  displayName: 'Anzeigename (freiwillig)',
  guestHint: 'Ganz ohne Passwort. Du kannst später ein Konto anlegen und den Namen behalten.',
  closed: 'Dieser Server legt selbst keine neuen Konten an. Frag den Betreiber.',
  unreachable: 'Der Server ist nicht zu erreichen.',
  unreachableHint: 'Die Seite versucht es alle paar Sekunden noch einmal.',
  kept: (count) =>
    many(
      count,
      '1 Nachricht, die noch nicht gesendet ist, bleibt erhalten.',
      (n) => `${n} Nachrichten, die noch nicht gesendet sind, bleiben erhalten.`,
    ),
  missingOption: (option) =>
    `Der Server kennt diese Adresse nicht als seine eigene, deshalb kann die Seite sich nicht verbinden. Der Betreiber startet ihn mit ${option}.`,
  loggedOutElsewhere: 'Du hast dich in einem anderen Tab abgemeldet.',
  loginEnded: 'Du bist abgemeldet: das Passwort wurde geändert, oder die Anmeldung ist abgelaufen. Melde dich neu an.',
  deleted: 'Dein Konto ist gelöscht.',
  showPassword: 'Passwort zeigen',
  hidePassword: 'Passwort verbergen',
};
