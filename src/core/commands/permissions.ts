import type { Actor, PersonActor } from '../engine/decide.ts';
import type { Mute, RoomBan } from '../model/entries.ts';
import type { PersonId } from '../model/ids.ts';
import type { Member, MemberRole } from '../model/member.ts';
import type { Message } from '../model/message.ts';
import type { RoomState } from '../state/room.ts';

/** Whether the actor may ban people from the server and mute them in any room. */
export function mayModerate(actor: Actor): boolean {
  return actor.type === 'operator' || actor.role === 'owner' || actor.role === 'moderator'; // WORLD-30
}

/** Whether the actor may delete messages of others in the room; in a direct only the operator may (WORLD-35). */
export function mayModerateRoom(actor: Actor, room: RoomState): boolean {
  if (actor.type === 'operator') return true;
  if (room.row?.people !== undefined) return false; // WORLD-35
  const role = room.members.get(actor.person.id)?.role;
  return mayModerate(actor) || role === 'owner' || role === 'moderator'; // WORLD-35
}

/** Whether the actor may make others members: in an open room everybody who is in it, in a closed one who moderates it. */
export function mayAddMembers(actor: PersonActor, room: RoomState): boolean {
  if (room.row?.people !== undefined || actor.role === null) return false; // WORLD-182
  return isOpen(room) || mayModerateRoom(actor, room); // WORLD-182
}

const RANKS: { readonly [R in MemberRole]: number } = { member: 0, moderator: 1, owner: 2 };
const SERVER_RANK = 3;

/** Whether the actor may remove, mute or ban a member: only somebody of higher rank may (WORLD-183). */
export function mayActOn(
  actor: PersonActor,
  room: RoomState,
  { person, role }: Pick<Member, 'person' | 'role'>,
): boolean {
  if (room.row?.people !== undefined || person === actor.person.id) return false; // WORLD-183
  const own = room.members.get(actor.person.id)?.role ?? 'member';
  return (mayModerate(actor) ? SERVER_RANK : RANKS[own]) > RANKS[role]; // WORLD-183
}

/** Whether the actor is in the room: its members are, and every guest is in the lobby (WORLD-70). */
export function isIn(room: RoomState, actor: Actor, lobby: number): boolean {
  return actor.type === 'operator' || isPersonIn(room, actor.person.id, actor.role === null, lobby); // WORLD-70
}

/** The same of a person, who may be a guest. */
export function isPersonIn(room: RoomState, person: PersonId, isGuest: boolean, lobby: number): boolean {
  return room.members.has(person) || (isGuest && room.id === lobby); // WORLD-70
}

/** Whether people who are not in the room may know that it exists (WORLD-71). */
export function isOpen(room: RoomState): boolean {
  return room.row !== null && room.row.closed !== true && room.row.people === undefined; // WORLD-71
}

/** Whether the actor wrote the message; the person is compared, never the name (WORLD-15). */
export function isAuthor(actor: Actor, message: Message): boolean {
  return actor.type === 'person' && actor.person.id === message.author.id; // WORLD-15
}

/** Whether the actor may read the message: of people, only the author reads a withheld one (WORLD-84). */
export function mayRead(room: RoomState, actor: Actor, message: Message, lobby: number): boolean {
  if (!isIn(room, actor, lobby)) return false; // WORLD-72
  return message.withheld !== true || isAuthor(actor, message) || actor.type === 'operator'; // WORLD-84
}

/** Whether a mute in force keeps the actor from writing in the room (WORLD-33). */
export function isMuted(room: RoomState, actor: Actor, now: number): boolean {
  if (actor.type === 'operator' || room.mutes.size === 0) return false;
  const named = room.mutes.get(actor.skeleton);
  if (named !== undefined && isInForce(named, now)) return true; // WORLD-33
  for (const mute of room.mutes.values()) {
    if (mute.person === actor.person.id && isInForce(mute, now)) return true; // WORLD-33
  }
  return false;
}

function isInForce({ until }: Pick<Mute, 'until'>, now: number): boolean {
  return until === null || until > now; // WORLD-33 WORLD-110
}

/** The ban in force that keeps a person out of the room, if there is one. */
export function roomBanOn(room: RoomState, person: PersonId, now: number): RoomBan | undefined {
  const ban = room.bans.get(person);
  return ban !== undefined && isInForce(ban, now) ? ban : undefined; // WORLD-186
}
