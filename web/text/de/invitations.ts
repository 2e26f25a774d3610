import type { Texts } from '../en.ts';
import { oneOrOther } from '../plural.ts';

const many = oneOrOther('de');

export const invitations: Texts['invitations'] = {
  title: (room) => `Zu ${room} einladen`,
  people: 'Personen auf diesem Server',
  add: 'Hinzufügen',
  added: (count) => many(count, '1 Person ist jetzt im Raum.', (n) => `${n} Personen sind jetzt im Raum.`),
  notAdded: (name, why) => `${name} wurde nicht hinzugefügt. ${why}`,
  link: 'Mit einem Link',
  linkHint: 'Wer den Link und ein Konto hat, kann beitreten.',
  lasts: 'Gültig für',
  day: '1 Tag',
  week: '7 Tage',
  month: '30 Tage',
  uses: 'Wie oft',
  any: 'beliebig oft',
  once: 'einmal',
  times: (count) => many(count, 'einmal', (n) => `${n}-mal`),
  make: 'Link anlegen',
  address: 'Link zu diesem Raum',
  copy: 'Link kopieren',
  copied: 'Kopiert.',
  until: (time) => `Gültig bis ${time}.`,
  withdraw: 'Alle Links zurückziehen',
  withdrawQuestion: 'Früher angelegte Links zu diesem Raum gelten dann nicht mehr.',
  withdrawn: 'Frühere Links gelten nicht mehr.',
  invited: 'Du bist in einen Raum eingeladen',
  enterFirst: 'Du bist in einen Raum eingeladen. Melde dich an oder lege ein Konto an, um beizutreten.',
  members: (count) => many(count, '1 Person ist darin.', (n) => `${n} Personen sind darin.`),
  join: 'Dem Raum beitreten',
  toRoom: 'Zum Raum',
  joinedAlready: 'Du bist schon in diesem Raum.',
  over: 'Diese Einladung gilt nicht mehr, oder es gab sie nie. Bitte um einen neuen Link.',
  guest: 'Gäste können keinen Räumen beitreten. Lege ein Konto an, um deinen Namen zu behalten, und tritt dann bei.',
  loading: 'Wird geladen ...',
};
