import type { Texts } from '../en.ts';

export const directory: Texts['directory'] = {
  title: 'Personen',
  back: 'Zu deinen Räumen',
  all: 'Verzeichnis',
  favourites: 'Favoriten',
  blocked: 'Blockiert',
  top: 'Alle Einheiten',
  order: 'Reihenfolge',
  byName: 'Nach Namen',
  onlineFirst: 'Online zuerst',
  empty: 'Hier ist noch niemand.',
  noFavourites: 'Du hast noch keine Favoriten. Öffne eine Person, um sie hinzuzufügen.',
  noBlocked: 'Du hast niemanden blockiert.',
  units: 'Einheiten',
  everyone: 'Alle',
};
