import { oneOrOther } from '../plural.ts';

const many = oneOrOther('en');

/** The texts of a conversation as a whole. */
export const conversation = {
  empty: 'Nobody has said anything here yet.',
  emptyDirect: (name: string) => `This is the beginning of your conversation with ${name}.`,
  beginning: 'This is the beginning.',
  loading: 'Loading ...',
  newMessages: 'New',
  latest: 'Latest',
  latestUnread: (count: number) => many(count, '1 new message', (n) => `${n} new messages`),
  members: (count: number) => many(count, '1 member', (n) => `${n} members`),
  messages: (name: string) => `Messages in ${name}`,
  typing: (names: string, count: number) => many(count, `${names} is typing ...`, `${names} are typing ...`),
  deleted: 'Message deleted',
  edited: 'edited',
  read: 'Read',
  today: 'Today',
  yesterday: 'Yesterday',
  copy: 'Copy',
  copied: 'Copied',
};

/** The texts of one message. */
export const message = {
  reply: 'Reply',
  edit: 'Edit',
  delete: 'Delete',
  more: 'More',
  copyText: 'Copy the text',
  copyLink: 'Copy a link',
  markUnread: 'Mark unread from here',
  details: 'Details',
  from: 'From',
  sentAt: 'Sent',
  editedAt: 'Edited',
  via: 'By the protocol',
  number: 'Number',
  inReplyTo: (name: string) => `In reply to ${name}`,
  sending: 'Sending ...',
  waiting: 'Waits for the connection',
  queued: 'Waits for the file',
  unknown: 'It may have been sent: the answer was lost.',
  refused: (reason: string) => `Not sent: ${reason}`,
  again: 'Send again',
  toDraft: 'Edit',
  drop: 'Discard',
  confirmDelete: 'Delete this message for everybody?',
  cancel: 'Cancel',
  download: (name: string, size: string) => `Download ${name}, ${size}`,
  enlarge: (name: string) => `Show ${name} large`,
  save: 'Save the picture',
};

/** The texts of the field where one writes. */
export const composer = {
  label: (name: string) => `Message to ${name}`,
  placeholder: (name: string) => `Write to ${name}`,
  send: 'Send',
  save: 'Save',
  cancel: 'Cancel',
  editing: 'You are changing your message.',
  replyingTo: (name: string) => `Reply to ${name}`,
  tooLong: (bytes: number) => many(bytes, '1 byte too long', (n) => `${n} bytes too long`),
  bytesLeft: (bytes: number) => many(bytes, '1 byte left', (n) => `${n} bytes left`),
  emoji: 'Emoji',
  findEmoji: 'Find an emoji',
  noEmoji: 'There is no emoji of this name.',
  file: 'Send a file',
  files: 'Files of this message',
  dropHere: 'Drop the files here to send them.',
  tooLarge: (name: string, most: string) => `${name} is too large: a file may have ${most} here.`,
  uploading: (name: string) => `${name} is on its way`,
  removeFile: (name: string) => `Remove ${name}`,
  uploadFailed: (status: number, reason: string) =>
    status === 0
      ? 'The connection was lost.'
      : status === 413
        ? 'The file is too large.'
        : status === 403 || status === 507
          ? 'There is no more space for your files on this server.'
          : status === 429 || status === 503
            ? 'The server is busy. Try again in a moment.'
            : `The file was not taken${reason === '' ? '.' : `: ${reason}`}`,
};
