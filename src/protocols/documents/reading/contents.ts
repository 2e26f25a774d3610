import type { Content } from '../../../views/views.ts';
import type { JsonObject } from '../../json-frames.ts';
import { messageFields } from './entries.ts';
import { picturePath } from '../../../core/model/picture.ts';
import type { Key } from '../schema.ts';

/** The end of the year 9999: stands for a mute without an end. */
export const FOR_GOOD = 253_402_300_799_999;

/** The content of the document with this key, as JSON. */
export function contentFields(content: Content, key: Key): JsonObject {
  switch (content.type) {
    case 'person':
      return {
        first_name: content.firstName,
        last_name: content.lastName,
        display_name: content.displayName,
        picture: picturePath(Number(key.id), content.picture),
        presence: content.presence,
        connected: content.connected,
        status: content.status,
        username: content.name,
        guest: content.guest,
      }; // DOC-110
    case 'room':
      return {
        name: content.displayName,
        ...(content.name === '' ? {} : { groupname: content.name }),
        open: content.open,
        members: content.members.map(({ id }) => ({ key: { type: 'user', id } })),
        members_total: content.total,
      }; // DOC-111
    case 'message': {
      const { key: _, ...fields } = messageFields(content.message);
      return { ...fields, read: content.read }; // DOC-115
    }
    case 'member': {
      const { role, muted } = content;
      return { role, muted_until: muted === null ? null : (muted.until ?? FOR_GOOD) }; // DOC-118
    }
    case 'unit':
      return { name: content.displayName, parent: content.parent && { type: 'unit', id: content.parent } }; // DOC-113
    case 'directory':
      return { home: { type: 'unit', id: content.home } }; // DOC-113
    case 'list':
      return {}; // DOC-119
  }
}
