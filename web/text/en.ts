import { find } from './en/find.ts';
import { account } from './en/account.ts';
import { connection } from './en/connection.ts';
import { entrance } from './en/entrance.ts';
import { failures } from './en/failures.ts';
import { settings } from './en/settings.ts';
import { plural } from './plural.ts';
import { composer, conversation, message } from './en/conversation.ts';

const LANGUAGE = 'en';
const many = (count: number, one: string, other: string) => plural(LANGUAGE, count, { one, other });

/** The texts of the page in English; the other languages have the same. */
export const en = {
  language: LANGUAGE,
  account,
  entrance,
  connection,
  failures,
  settings,
  rooms: {
    title: 'Rooms',
    directs: 'People',
    unread: (count: number) => many(count, '1 unread message', `${count} unread messages`),
    none: 'You are in no room yet.',
    create: 'New room',
    find: 'Find people and rooms',
    deleted: '(message deleted)',
    muted: 'muted',
  },
  conversation,
  message,
  composer,
  people: {
    title: 'People in this room',
    online: 'online',
    away: 'away',
    busy: 'busy',
    offline: 'offline',
    guest: 'guest',
    owner: 'owner',
    moderator: 'moderator',
    member: 'member',
    you: 'you',
    more: (count: number) => many(count, 'and 1 more', `and ${count} more`),
  },
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
