import type { RelationshipKind } from '../../core/commands/set-relationship.ts';
import type { ProfileChanges } from '../../core/model/account.ts';
import type { PersonId, RoomId } from '../../core/model/ids.ts';
import type { Message } from '../../core/model/message.ts';
import type { MemberRole } from '../../core/model/member.ts';
import type { Post } from '../../core/services/messages.ts';
import { parseStatusChange, type Status, type StatusChange } from '../../core/text/status.ts';
import type { CommandServices } from '../../core/services/once.ts';
import type { World } from '../../core/world.ts';
import { err, ok } from '../../lib/result.ts';
import type { Version } from '../../views/answer.ts';
import type { Budget } from '../limits/rate-guard.ts';
import type { Done } from '../../core/services/context.ts';

/** A message as its client saw it. */
type SeenMessage = { readonly edits: number; readonly deleted: boolean };

/**
 * A command in the name of the person of a session. It names people and rooms by id and messages by number. Times are ms since
 * 1970, null for good. `expected` is what the client saw: if that has changed, the command is refused as a conflict.
 */
export type IdCommand =
  | { readonly type: 'post'; readonly room: RoomId; readonly post: Post }
  | {
      readonly type: 'edit-message';
      readonly room: RoomId;
      readonly number: number;
      readonly text: string;
      readonly expected?: SeenMessage;
    }
  | { readonly type: 'delete-message'; readonly room: RoomId; readonly number: number }
  | { readonly type: 'read-room'; readonly room: RoomId; readonly number: number }
  | {
      readonly type: 'create-room';
      readonly displayName: string | null;
      readonly closed: boolean;
      readonly members: readonly PersonId[];
    }
  | { readonly type: 'begin-direct'; readonly other: PersonId }
  | { readonly type: 'join-room' | 'leave-room' | 'end-invitations'; readonly room: RoomId }
  | { readonly type: 'join-by-invitation'; readonly code: string }
  | {
      readonly type: 'rename-room';
      readonly room: RoomId;
      readonly displayName: string;
      readonly expectedPosition?: number;
    }
  | { readonly type: 'add-member' | 'remove-member'; readonly room: RoomId; readonly person: PersonId }
  | { readonly type: 'set-member-role'; readonly room: RoomId; readonly person: PersonId; readonly role: MemberRole }
  | { readonly type: 'mute-member'; readonly room: RoomId; readonly person: PersonId; readonly until: number | null }
  | {
      readonly type: 'ban-member';
      readonly room: RoomId;
      readonly person: PersonId;
      readonly until: number | null;
      readonly reason: string;
    }
  | { readonly type: 'unmute-member'; readonly room: RoomId; readonly person: PersonId }
  | {
      readonly type: 'set-relationship';
      readonly kind: RelationshipKind;
      readonly other: PersonId;
      readonly on: boolean;
    }
  | {
      readonly type: 'change-person';
      readonly profile: ProfileChanges | null;
      readonly status: StatusChange | null;
      /** Refused as a conflict if it changed since it was read in this turn of the event loop. */
      readonly isExpected: boolean;
    };

/**
 * The room that a command made, found or posted in, the number of the message that it posted, and the version of the document that
 * it changed.
 */
export type IdResult = { readonly room?: RoomId; readonly number?: number; readonly version?: Version };

/** The budgets that commands count against. */
const budgets: { readonly [T in IdCommand['type']]?: Budget } = {
  post: 'messages',
  'edit-message': 'messages',
  'delete-message': 'messages',
  'rename-room': 'renames',
  'change-person': 'renames',
  'create-room': 'groups',
};

export function budgetOfId({ type }: IdCommand): Budget | null {
  return budgets[type] ?? null;
}

/** What is kept of a command that may be repeated; `value` is what was decided. */
export function resultOf(command: IdCommand, value: unknown): IdResult {
  switch (command.type) {
    case 'post':
      return { room: command.room, number: (value as Message).number };
    case 'create-room':
    case 'begin-direct':
    case 'join-by-invitation':
      return { room: value as RoomId };
    default:
      return 'room' in command ? { room: command.room } : {};
  }
}

/**
 * Runs a command in the name of a person, with the world's services or with those that keep its result. `via` is noted in what
 * it posts.
 */
export function runIdCommand(
  world: World,
  services: CommandServices,
  person: PersonId,
  command: IdCommand,
  via: string,
  done: Done<IdResult>,
): void {
  const room: Done<RoomId> = (result) => done(result.ok ? ok({ room: result.value }) : result);
  const plain: Done<unknown> = (result) => done(result.ok ? ok({}) : result);
  switch (command.type) {
    case 'post':
      return services.messages.post(person, command.room, { ...command.post, via }, (result) =>
        done(result.ok ? ok({ room: command.room, number: result.value.number }) : result),
      ); // CONN-157
    case 'edit-message': {
      const { text, expected } = command;
      return services.messages.edit(person, command, text, plain, expected === undefined ? {} : { expected });
    }
    case 'delete-message': {
      const actor = world.actor(person);
      if (actor === undefined) return done(err({ type: 'not-allowed' }));
      return services.messages.delete(actor, command, plain);
    }
    case 'read-room':
      return services.rooms.read(person, command.room, command.number, plain);
    case 'create-room':
      return services.rooms.createTitled(person, command, room);
    case 'begin-direct':
      return services.messages.directWith(person, command.other, room);
    case 'join-room':
      return services.rooms.join(person, command.room, room);
    case 'leave-room':
      return services.rooms.leave(person, command.room, room);
    case 'join-by-invitation':
      return void services.invitations.join(person, command.code, room);
    case 'end-invitations':
      return services.invitations.end(person, command.room, room);
    case 'rename-room':
      return services.management.rename(person, command.room, command.displayName, room, command.expectedPosition);
    case 'add-member':
      return services.management.addMember(person, command.room, command.person, room);
    case 'remove-member':
      return services.management.removeMember(person, command.room, command.person, room);
    case 'set-member-role':
      return services.management.setRole(person, command.room, command.person, command.role, room);
    case 'mute-member':
      return services.management.mute(person, command.room, command.person, { until: command.until }, room);
    case 'unmute-member':
      return services.management.mute(person, command.room, command.person, null, room);
    case 'ban-member': {
      const { until, reason } = command;
      return services.management.ban(person, command.room, command.person, { until, reason }, room);
    }
    case 'set-relationship':
      return services.relationships.setById(command.kind, person, command.other, command.on, plain);
    case 'change-person':
      return changePerson(world, services, person, command, plain);
  }
}

/** The profile first, because it may be refused; then the status, whose form was checked before, can be set. */
function changePerson(
  world: World,
  services: CommandServices,
  person: PersonId,
  { profile, status, isExpected }: Extract<IdCommand, { type: 'change-person' }>,
  done: Done<unknown>,
): void {
  const account = world.people.account(person);
  const seen = isExpected ? world.people.statusOf(person) : undefined;
  const checked = status === null ? ok(null) : parseStatusChange(status);
  if (!checked.ok) return done(err({ type: 'bad-status', problem: checked.error })); // CONN-125
  const setStatus = (expected: Status | undefined) => {
    if (status === null) return done(ok(null));
    world.changeStatus(person, status, done, expected);
  };
  if (profile === null) return services.note((noted) => (noted.ok ? setStatus(seen) : done(noted)));
  const setProfile: Done<unknown> = (result) => (result.ok ? setStatus(undefined) : done(result)); // CONN-125
  services.accounts.setProfile(person, profile, setProfile, isExpected ? account : undefined);
}
