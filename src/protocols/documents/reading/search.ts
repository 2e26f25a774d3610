import type { SessionApi } from '../../../connections/session/session-api.ts';
import type { FoundRoom, SearchRequest } from '../../../core/services/search.ts';
import type { JsonObject } from '../../json-frames.ts';
import { childRendering, messageFields } from './entries.ts';
import { type Heading, refused } from '../errors.ts';
import type { Down, FoundType, RequestOf } from '../schema.ts';

/** The most of each type, unless the client says otherwise. */
const SIZE = 50;

const kinds: { readonly [T in FoundType]: SearchRequest['kinds'][number] } = {
  user: 'account',
  room: 'room',
  msg: 'message',
};

/** Looks for what a client asks for, and answers with the entries that were found. */
export function search(
  api: Pick<SessionApi, 'search'>,
  { text = '', types = ['user', 'room', 'msg'], room, sender, size = SIZE, before }: RequestOf<'search'>['data'],
  heading: Heading,
  answer: (message: Down) => void,
): void {
  const request: SearchRequest = {
    text,
    kinds: types.map((type) => kinds[type]),
    room: room?.id ?? null,
    author: sender?.id ?? null, // DOC-145
    before: before === undefined ? null : { room: before.id[0], number: before.id[1] },
    limit: size,
  };
  api.search(request, (result) => {
    if (!result.ok) return answer(refused(heading, result.error)); // DOC-144
    const { people, rooms, messages, next } = result.value;
    const data = {
      users: people.map((person) => childRendering.fieldsOf(person)), // DOC-142
      rooms: rooms.map(roomFields), // DOC-142
      msgs: messages.map(messageFields), // DOC-142
      ...(next !== null && { next: { type: 'msg' as const, id: [next.room, next.number] as [number, number] } }), // DOC-143
    };
    answer({ type: 'result', id: heading.id ?? '', cls: 'search', status: 200, data });
  });
}

function roomFields({ id, name, displayName, other, isMember }: FoundRoom): JsonObject {
  return {
    key: { type: 'room', id },
    name: displayName,
    ...(other === null && { groupname: name }),
    direct: other !== null,
    joined: isMember,
  }; // DOC-142
}
