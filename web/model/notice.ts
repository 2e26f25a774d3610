import type { MessageEntry, PostedMessage, RoomEntry } from '../../src/protocols/documents/client.ts';
import { isMentioned } from './mentions.ts';

/** A message of which the person is to be told. */
export type Notice = { readonly room: number; readonly number: number; readonly sender: string; readonly text: string };

/** What decides whether the person is told of a message. */
export type NoticeRules = {
  readonly notifications: 'off' | 'mentions' | 'all';
  readonly mutedRooms: readonly number[];
  readonly watchedRooms: ReadonlySet<number>;
  readonly self: number;
  /** The names by which the person may be mentioned. */
  readonly names: readonly string[];
  readonly isBlocked: (person: number) => boolean;
};

type Message = PostedMessage & { readonly key: { readonly id: readonly [number, number] } };

/** The notice for the last one of new messages of a room that is worth one; null if none is. */
export function noticeOf(room: RoomEntry, messages: readonly MessageEntry[], rules: NoticeRules): Notice | null {
  const id = room.key.id;
  if (rules.notifications === 'off' || rules.mutedRooms.includes(id) || rules.watchedRooms.has(id)) return null; // WEB-11
  const isWorthIt = (message: MessageEntry): message is Message & MessageEntry => {
    if ('deleted' in message || message.key.id[1] <= room.seen) return false; // WEB-12
    const sender = message.sender.key.id;
    if (sender === rules.self || rules.isBlocked(sender)) return false; // WEB-11
    return room.direct || rules.notifications === 'all' || isMentioned(message.text, rules.names); // WEB-10
  };
  const message = messages.findLast(isWorthIt);
  if (message === undefined) return null;
  return { room: id, number: message.key.id[1], sender: message.sender.name, text: message.text };
}
