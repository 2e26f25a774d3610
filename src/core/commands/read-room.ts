import { type Decision, type DecisionInput, type PersonActor, refuse, unchanged, write } from '../engine/decide.ts';
import { personStream, type RoomId } from '../model/ids.ts';
import type { States } from '../state/states.ts';
import { isOpen } from './permissions.ts';

/** Notes that a person has read a room up to a message's number. */
export type ReadRoom = {
  readonly type: 'read-room';
  readonly actor: PersonActor;
  readonly room: RoomId;
  readonly number: number;
};

/** The read position never moves back, nor beyond the last message (WORLD-78). */
export function decideReadRoom(states: States, command: ReadRoom, input: DecisionInput): Decision<number> {
  const room = states.room(command.room);
  const person = states.person(command.actor.person.id);
  if (!room.members.has(person.id)) return refuse({ type: isOpen(room) ? 'not-member' : 'not-found' }); // WORLD-71
  const before = person.read.get(room.id) ?? 0;
  const number = Math.min(command.number, room.lastNumber); // WORLD-78
  if (number <= before) return unchanged(before); // WORLD-78
  const entry = { type: 'room-read', person: person.id, room: room.id, number, at: input.now } as const;
  return write(personStream(person.id), entry, number);
}
