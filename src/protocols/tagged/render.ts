import type { Profile, RosterUpdate, OwnProfile } from '../../connections/session/session-api.ts';
import type { Event } from '../../core/model/events.ts';
import type { PersonId } from '../../core/model/ids.ts';
import type { Message } from '../../core/model/message.ts';
import { otherOf, type Conversation } from '../../core/model/conversation.ts';
import type { RoomView } from '../../core/services/rooms.ts';
import type { Presence, Status } from '../../core/text/status.ts';
import { changeLine } from '../text-fallbacks.ts';
import type { Chat, Font, Group, Me, Push, User } from './schema.ts';

/** The most members that one message names, in all its groups; the others are only counted. */
const MAX_NAMED = 10_000;

const presences: { readonly [P in Presence]: string } = {
  online: 'Available',
  away: 'Away',
  busy: 'Busy',
  offline: 'Offline',
};

/** Shows events and messages in tagged. `font` stands in for a missing font. */
export class Renderer {
  readonly #font: Font;

  constructor(font: Font) {
    this.#font = font;
  }

  /** Shows an event; `null` if tagged does not show it by itself. */
  event(event: Event, viewer: PersonId | null): Push | null {
    switch (event.type) {
      case 'message-posted':
        return this.#tagged(event.message.id, this.#chat(event.message, event.conversation, viewer)); // TAG-60
      case 'message-edited':
      case 'message-deleted': {
        const { message, conversation, position } = event;
        const { text, time } = changeLine(message); // TAG-63
        const line = { ...this.#chat(message, conversation, viewer), body: text, timestamp: time };
        return this.#tagged(`${message.id}.${position}`, line);
      }
      case 'person-entered':
      case 'person-left':
      case 'person-renamed':
      case 'person-changed':
      case 'person-typing':
      case 'room-created':
      case 'room-renamed':
      case 'member-joined':
      case 'member-changed':
      case 'member-banned':
      case 'member-unbanned':
      case 'member-left':
      case 'person-muted':
      case 'person-unmuted':
        return null; // TAG-67
    }
  }

  /** Shows a message that waited, in its current state; `null` if it was deleted. */
  waiting(message: Message, conversation: Conversation, viewer: PersonId | null): Push | null {
    return message.deletedAt === null ? this.#tagged(message.id, this.#chat(message, conversation, viewer)) : null; // TAG-64
  }

  /** Shows a message of the history, with its id and its receiver. */
  history(message: Message, conversation: Conversation): Chat {
    const chat = this.#chat(message, conversation, message.author.id);
    return { ...chat, id: message.id };
  }

  /** Shows the current state of people or groups that changed. */
  rosterUpdate(rosterUpdate: RosterUpdate): Push {
    const tag = `_${rosterUpdate.id}`; // TAG-34
    if (rosterUpdate.type === 'people')
      return { message: 'detail.users', tag, users: rosterUpdate.people.map(renderUser) }; // TAG-65
    return { message: 'detail.groups', tag, groups: renderGroups(rosterUpdate.groups) }; // TAG-66
  }

  #chat(message: Message, conversation: Conversation, viewer: PersonId | null): Chat {
    const chat = {
      from: message.author.name,
      font: message.font ?? this.#font, // TAG-17
      body: message.text,
      timestamp: message.clientTime ?? message.serverTime, // TAG-18
    };
    if (conversation.type === 'group') return { message: 'chat.group', ...chat, via: conversation.name }; // TAG-60
    const own = message.author.id === viewer; // TAG-62
    return { message: 'chat.user', ...chat, ...(own ? { to: otherOf(conversation, message.author.id).name } : {}) }; // TAG-62
  }

  #tagged(id: string, chat: Chat): Push {
    return { ...chat, tag: `_${id}` }; // TAG-34
  }
}

/** A profile, as tagged sends it. */
export function renderUser({ name, displayName, status, isContact, guest }: Profile): User {
  return {
    username: name,
    display_name: displayName,
    status: statusText(status),
    friend: isContact,
    ...(guest ? { guest } : {}), // TAG-50
  };
}

/** Groups with their members, as far as the limit of names allows. */
export function renderGroups(groups: readonly RoomView[]): Group[] {
  let left = MAX_NAMED;
  return groups.map(({ name, displayName, members, total, member }) => {
    const named = members.slice(0, left);
    left -= named.length;
    return {
      groupname: name,
      display_name: displayName,
      members: named,
      member,
      ...(named.length < total ? { members_total: total } : {}), // TAG-54
    };
  });
}

/** The person's own profile. The status is spelled as the person wrote it. */
export function renderMe({ name, displayName, status }: OwnProfile): Me {
  return { username: name, display_name: displayName, status };
}

/** A free text counts only while the person is online. */
function statusText({ presence, text }: Status): string {
  return presence === 'online' && text !== null ? text : presences[presence]; // TAG-51
}
