import { find } from './en/find.ts';
import { account } from './en/account.ts';
import { connection } from './en/connection.ts';
import { entrance } from './en/entrance.ts';
import { failures } from './en/failures.ts';
import { directory } from './en/directory.ts';
import { invitations } from './en/invitations.ts';
import { people } from './en/people.ts';
import { rooms } from './en/rooms.ts';
import { settings } from './en/settings.ts';
import { composer, conversation, message } from './en/conversation.ts';

const LANGUAGE = 'en';

/** The texts of the page in English; the other languages have the same. */
export const en = {
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
    logOut: 'Log out',
    settings: 'Settings',
    directory: 'Directory',
    search: 'Search',
    back: 'Back',
    close: 'Close',
    people: 'People',
    home: 'Rooms',
  },
  find,
  problem: (message: string) => `That did not work: ${message}`,
};

/** The texts of the page in one language. */
export type Texts = typeof en;
