import { type Decision, type DecisionInput, type PersonActor, refuse, unchanged, write } from '../engine/decide.ts';
import { type RoomId, roomStream } from '../model/ids.ts';
import type { States } from '../state/states.ts';
import { parseLine } from '../text/text.ts';
import { isIn, isOpen, mayModerate, mayModerateRoom } from './permissions.ts';

/** Gives a group another display name; `expectedPosition` is the position of the room at which the client saw the old one. */
export type RenameRoom = {
  readonly type: 'rename-room';
  readonly actor: PersonActor;
  readonly room: RoomId;
  readonly displayName: string;
  readonly expectedPosition?: number;
};

/** Who moderates the room may; the lobby belongs to those who moderate the server, and a direct has no name (WORLD-180). */
export function decideRenameRoom(states: States, command: RenameRoom, input: DecisionInput): Decision<RoomId> {
  const { actor, expectedPosition } = command;
  const room = states.room(command.room);
  const { row } = room;
  if (row === null || !isIn(room, actor, input.lobby))
    return refuse({ type: isOpen(room) ? 'not-member' : 'not-found' }); // WORLD-71
  const isAllowed = room.id === input.lobby ? mayModerate(actor) : mayModerateRoom(actor, room);
  if (!isAllowed) return refuse({ type: 'not-allowed' }); // WORLD-180
  const name = parseLine(command.displayName);
  if (!name.ok) return refuse({ type: 'bad-display-name', problem: name.error });
  if (expectedPosition !== undefined && (row.renamedAt ?? 1) > expectedPosition) return refuse({ type: 'conflict' }); // WORLD-181
  const { displayName: before = row.name, ...rest } = row;
  if (before === name.value) return unchanged(room.id);
  const renamed = { ...rest, ...(name.value !== row.name && { displayName: name.value }) };
  const entry = { type: 'room-renamed', row: { ...renamed, renamedAt: room.position + 1 }, at: input.now } as const;
  return write(roomStream(room.id), entry, room.id);
}
