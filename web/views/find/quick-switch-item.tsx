import type { Destination } from '../../state/find/quick-switch.ts';
import { Avatar } from '../common/avatar.tsx';
import { useLanguage, useSession } from '../common/context.ts';
import { Icon } from '../common/icon.tsx';

/** A room or a person to go to. */
export function DestinationView({ destination }: { readonly destination: Destination }) {
  const session = useSession();
  const { texts } = useLanguage();
  if (destination.type === 'person') {
    const { display_name: name, picture, presence } = destination.person;
    return (
      <>
        <Avatar picture={picture} presence={presence} />
        <bdi class="name">{name}</bdi>
      </>
    );
  }
  const { entry } = destination;
  const other = entry.direct ? entry.members.find(({ key }) => key.id !== session.selfKey.id) : undefined;
  const person = other && session.people.get(other.key.id).value.value;
  return (
    <>
      {entry.direct ? (
        <Avatar picture={person?.picture} {...(person && { presence: person.presence })} />
      ) : (
        <span class="avatar is-room" aria-hidden="true">
          <Icon name="room" />
        </span>
      )}
      <bdi class="name">{entry.name}</bdi>
      {entry.unread > 0 && (
        <span class="badge">
          <span aria-hidden="true">{entry.unread > 99 ? '99+' : entry.unread}</span>
          <span class="hidden">{texts.rooms.unread(entry.unread)}</span>
        </span>
      )}
    </>
  );
}
