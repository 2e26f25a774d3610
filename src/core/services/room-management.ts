import { type BanMember, decideBanMember } from '../commands/ban-member.ts';
import { decideAddMember, decideRemoveMember, decideSetMemberRole } from '../commands/members.ts';
import { decideMuteMember } from '../commands/mute.ts';
import { decideRenameRoom } from '../commands/rename-room.ts';
import { directoryStream, type PersonId, personStream, type RoomId, roomStream } from '../model/ids.ts';
import type { MemberRole } from '../model/member.ts';
import type { Done, ServiceContext } from './context.ts';

/** What the owners and moderators of a group do in it. Every command is one of a person who is present. */
export class RoomManagement {
  readonly #context: ServiceContext;

  constructor(context: ServiceContext) {
    this.#context = context;
  }

  /** Refused as a conflict if the room was renamed after `expectedPosition`. */
  rename(person: PersonId, room: RoomId, displayName: string, done: Done<RoomId>, expectedPosition?: number): void {
    this.#context.submitAs(person, [roomStream(room)], done, (actor) => {
      const expected = expectedPosition === undefined ? {} : { expectedPosition };
      const command = { type: 'rename-room', actor, room, displayName, ...expected } as const;
      return (states, input) => decideRenameRoom(states, command, input);
    });
  }

  addMember(person: PersonId, room: RoomId, other: PersonId, done: Done<RoomId>): void {
    this.#context.submitAs(person, [directoryStream, roomStream(room), personStream(other)], done, (actor) => {
      const command = { type: 'add-member', actor, room, person: other } as const;
      return (states, input) => decideAddMember(states, command, input);
    });
  }

  removeMember(person: PersonId, room: RoomId, other: PersonId, done: Done<RoomId>): void {
    this.#context.submitAs(person, [roomStream(room), personStream(other)], done, (actor) => {
      const command = { type: 'remove-member', actor, room, person: other } as const;
      return (states, input) => decideRemoveMember(states, command, input);
    });
  }

  setRole(person: PersonId, room: RoomId, other: PersonId, role: MemberRole, done: Done<RoomId>): void {
    this.#context.submitAs(person, [roomStream(room)], done, (actor) => {
      const command = { type: 'set-member-role', actor, room, person: other, role } as const;
      return (states, input) => decideSetMemberRole(states, command, input);
    });
  }

  /** Mutes a member until a time in ms since 1970, or for good; null lifts the mute. */
  mute(
    person: PersonId,
    room: RoomId,
    other: PersonId,
    mute: { readonly until: number | null } | null,
    done: Done<RoomId>,
  ): void {
    this.#context.submitAs(person, [directoryStream, roomStream(room)], done, (actor) => {
      const command = { type: 'mute-member', actor, room, person: other, mute } as const;
      return (states, input) => decideMuteMember(states, command, input);
    });
  }

  /** Bans a person from the room until a time in ms since 1970, or for good; null lifts the ban. */
  ban(person: PersonId, room: RoomId, other: PersonId, ban: BanMember['ban'], done: Done<RoomId>): void {
    this.#context.submitAs(person, [directoryStream, roomStream(room), personStream(other)], done, (actor) => {
      const command = { type: 'ban-member', actor, room, person: other, ban } as const;
      return (states, input) => decideBanMember(states, command, input);
    });
  }
}
