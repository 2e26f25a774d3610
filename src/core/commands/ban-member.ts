import { ok } from '../../lib/result.ts';
import { type Decision, type DecisionInput, type PersonActor, refuse, unchanged, write } from '../engine/decide.ts';
import type { RoomBan } from '../model/entries.ts';
import { type PersonId, type RoomId, roomStream } from '../model/ids.ts';
import type { States } from '../state/states.ts';
import { parseReason } from '../text/text.ts';
import { leaveWrites } from './leave-room.ts';
import { refusalOfOutsider } from './members.ts';
import { mayActOn } from './permissions.ts';

/** Keeps a person out of one room. */
export type BanMember = {
  readonly type: 'ban-member';
  readonly actor: PersonActor;
  readonly room: RoomId;
  readonly person: PersonId;
  /** Null lifts the ban; without an end it is for good. */
  readonly ban: Pick<RoomBan, 'reason' | 'until'> | null;
};

/** A member is removed by the same append; somebody outside may be banned too. A later ban replaces the earlier one. */
export function decideBanMember(states: States, command: BanMember, input: DecisionInput): Decision<RoomId> {
  const { actor, person } = command;
  const room = states.room(command.room);
  const outside = refusalOfOutsider(room, actor, input.lobby);
  if (outside !== null) return refuse(outside); // WORLD-71
  const member = room.members.get(person);
  if (room.id === input.lobby) return refuse({ type: 'not-allowed' }); // WORLD-183
  if (!mayActOn(actor, room, member ?? { person, role: 'member' })) return refuse({ type: 'not-allowed' }); // WORLD-183
  const at = input.now;
  if (command.ban === null) {
    if (!room.bans.has(person)) return unchanged(room.id);
    return write(roomStream(room.id), { type: 'member-unbanned', room: room.id, person, at }, room.id); // WORLD-187
  }
  if (!states.directory.people.has(person)) return refuse({ type: 'not-found' }); // WORLD-186
  const reason = parseReason(command.ban.reason);
  if (!reason.ok) return refuse({ type: 'bad-text', problem: reason.error });
  const ban: RoomBan = { room: room.id, person, reason: reason.value, until: command.ban.until };
  const banned = { type: 'member-banned', ban, at } as const;
  if (member === undefined) return write(roomStream(room.id), banned, room.id); // WORLD-186
  const writes = leaveWrites(room, person, at).map((left) =>
    left.stream === roomStream(room.id) ? { ...left, entries: [banned, ...left.entries] } : left,
  );
  return ok({ writes, value: room.id }); // WORLD-186
}
