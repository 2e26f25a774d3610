import type { MessageEntry, RoomEntry } from '../../../src/protocols/documents/client.ts';
import { summaryOf } from '../../model/sent-file.ts';
import { formatRoute } from '../../model/route.ts';
import { unreadOf } from '../../model/unread.ts';
import { Avatar } from '../common/avatar.tsx';
import { useApp, useLanguage, useSession } from '../common/context.ts';
import { Icon } from '../common/icon.tsx';

/** A room in the list: its name, the beginning of the last message, and how many are unread. */
export function RoomItem({ entry }: { readonly entry: RoomEntry }) {
  const app = useApp();
  const session = useSession();
  const { texts } = useLanguage();
  const route = app.router.route.value;
  const id = entry.key.id;
  const isCurrent = route.type === 'room' && route.room === id;
  const { mutedRooms, unreadFrom } = app.preferences.value;
  const isMuted = mutedRooms.includes(id);
  const unread = isCurrent && session.conversation(id).isReading.value ? 0 : unreadOf(entry, unreadFrom[id]);
  const other = entry.members.find(({ key }) => key.id !== session.selfKey.id)?.key.id;
  const person = entry.direct && other !== undefined ? session.people.get(other).value.value : undefined;
  return (
    <li>
      <a
        href={formatRoute({ type: 'room', room: id })}
        class="room-item"
        aria-current={isCurrent ? 'page' : undefined}
        data-unread={unread > 0}
        data-muted={isMuted}
      >
        {entry.direct ? (
          <Avatar picture={person?.picture} {...(person && { presence: person.presence })} />
        ) : (
          <span class="avatar is-room" aria-hidden="true">
            <Icon name="room" />
          </span>
        )}
        <span class="name">
          <bdi>{entry.name}</bdi>
          {isMuted && (
            <>
              <Icon name="bell-off" />
              <span class="hidden">{texts.rooms.muted}</span>
            </>
          )}
        </span>
        {person !== undefined && <span class="hidden">{texts.people[person.presence]}</span>}
        <span class="last" dir="auto">
          {lastWords(entry.last_msg, texts.rooms.deleted)}
        </span>
        {unread > 0 && (
          <span class="badge">
            <span aria-hidden="true">{unread > 99 ? '99+' : unread}</span>
            <span class="hidden">{texts.rooms.unread(unread)}</span>
          </span>
        )}
      </a>
    </li>
  );
}

function lastWords(message: MessageEntry | null, deleted: string): string {
  if (message === null) return '';
  return 'deleted' in message ? deleted : summaryOf(message);
}
