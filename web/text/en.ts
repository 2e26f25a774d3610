import { find } from './en/find.ts';
import { account } from './en/account.ts';
import { connection } from './en/connection.ts';
import { entrance } from './en/entrance.ts';
import { failures } from './en/failures.ts';
import { settings } from './en/settings.ts';
import { plural } from './plural.ts';

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
  conversation: {
    empty: 'Nobody has said anything here yet.',
    emptyDirect: (name: string) => `This is the beginning of your conversation with ${name}.`,
    beginning: 'This is the beginning.',
    loading: 'Loading ...',
    newMessages: 'New',
    latest: 'Latest',
    latestUnread: (count: number) => many(count, '1 new message', `${count} new messages`),
    members: (count: number) => many(count, '1 member', `${count} members`),
    notFound: 'There is no such room, or you are not in it.',
    join: 'Join the room',
    messages: (name: string) => `Messages in ${name}`,
    typing: (names: string, count: number) => many(count, `${names} is typing ...`, `${names} are typing ...`),
    deleted: 'Message deleted',
    edited: 'edited',
    read: 'Read',
    via: (protocol: string) => `by ${protocol}`,
    today: 'Today',
    yesterday: 'Yesterday',
    copy: 'Copy',
    copied: 'Copied',
  },
  message: {
    reply: 'Reply',
    edit: 'Edit',
    delete: 'Delete',
    more: 'More',
    copyText: 'Copy the text',
    copyLink: 'Copy a link',
    markUnread: 'Mark unread from here',
    inReplyTo: (name: string) => `In reply to ${name}`,
    sending: 'Sending ...',
    waiting: 'Waits for the connection',
    unknown: 'It may have been sent: the answer was lost.',
    refused: (reason: string) => `Not sent: ${reason}`,
    again: 'Send again',
    toDraft: 'Edit',
    drop: 'Discard',
    confirmDelete: 'Delete this message for everybody?',
    cancel: 'Cancel',
  },
  composer: {
    label: (name: string) => `Message to ${name}`,
    placeholder: (name: string) => `Write to ${name}`,
    send: 'Send',
    save: 'Save',
    cancel: 'Cancel',
    editing: 'You are changing your message.',
    replyingTo: (name: string) => `Reply to ${name}`,
    tooLong: (bytes: number) => many(bytes, '1 byte too long', `${bytes} bytes too long`),
    emoji: 'Emoji',
    file: 'Send a file',
  },
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
