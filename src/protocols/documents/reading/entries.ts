import type { FileInfo } from '../../../core/model/file.ts';
import type { Message } from '../../../core/model/message.ts';
import type { Child } from '../../../views/views.ts';
import type { JsonObject } from '../../json-frames.ts';
import { cachedByObject } from '../patches/object-cache.ts';
import type { Rendering } from '../patches/page-patch.ts';
import { picturePath } from '../../../core/model/picture.ts';

/** A child as JSON; the same object each time. */
const childFields = cachedByObject((child: Child): JsonObject => {
  switch (child.type) {
    case 'message':
      return child.message === null ? {} : messageFields(child.message);
    case 'person':
    case 'member': {
      const { id, displayName, picture, presence, connected } = child;
      return {
        key: { type: 'user', id },
        display_name: displayName,
        picture: picturePath(id, picture),
        presence,
        connected,
        ...(child.type === 'member' && { role: child.role }),
      }; // DOC-112
    }
    case 'unit':
      return { key: { type: 'unit', id: child.id }, name: child.displayName }; // DOC-113
    case 'room':
      return {
        key: { type: 'room', id: child.id },
        name: child.displayName,
        ...(child.other === null && { groupname: child.name }),
        direct: child.other !== null,
        unread: child.unread,
        last_msg: child.last && messageFields(child.last),
        members: child.members.map(({ id }) => ({ key: { type: 'user', id } })),
        members_total: child.total,
        number: child.number,
        seen: child.seen,
        seen_by: child.seenBy,
      }; // DOC-114
  }
});

/** How the children of all documents are told apart, and what they look like. */
export const childRendering: Rendering<Child> = {
  keyOf: (child) => (child.type === 'message' ? child.number : `${child.type} ${child.id}`),
  isKnown: (child) => child.type !== 'message' || child.message !== null, // DOC-66
  fieldsOf: childFields,
};

/** What all who may read a message see of it; of a deleted one nothing but that. */
export function messageFields({ room, number, ...message }: Message): JsonObject {
  const key = { type: 'msg', id: [room, number] };
  if (message.deletedAt !== null) return { key, deleted: true }; // DOC-116
  const { author, serverTime, text, editedAt, via, font, replyTo, file } = message;
  return {
    key,
    sender: { key: { type: 'user', id: author.id }, name: author.name },
    time: serverTime,
    text,
    edited: editedAt,
    ...(via !== undefined && { via }), // DOC-128
    ...(font && { font }),
    ...(replyTo !== undefined && { reply_to: { type: 'msg', id: [room, replyTo] } }),
    ...(file && { file: fileFields(file) }), // DOC-241
  }; // DOC-115
}

function fileFields({ address, name, size, type, width, height }: FileInfo): JsonObject {
  return { address, name, size, type, ...(width !== undefined && { width, height }) }; // DOC-241
}
