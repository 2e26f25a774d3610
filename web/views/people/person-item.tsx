import type { PersonEntry } from '../../../src/protocols/documents/client.ts';
import { formatRoute } from '../../model/route.ts';
import { Avatar } from '../common/avatar.tsx';
import { useLanguage, useSession } from '../common/context.ts';

type Props = {
  readonly person: PersonEntry;
  /** Somebody else in the list has the same display name. */
  readonly isDouble?: boolean;
};

/** A person in a list, who is shown on a card when it is pressed. */
export function PersonItem({ person, isDouble = false }: Props) {
  const { selfKey } = useSession();
  const { texts } = useLanguage();
  const { key, picture, presence, role } = person;
  const tags = [
    ...(role === null ? [texts.people.guest] : []),
    ...(role === 'owner' || role === 'moderator' ? [texts.people[role]] : []),
    ...(key.id === selfKey.id ? [texts.people.you] : []),
  ];
  return (
    <li>
      <a class="person-item" href={formatRoute({ type: 'person', person: key.id })} data-presence={presence}>
        <Avatar picture={picture} presence={presence} />
        <span class="words">
          <PersonName person={person} isDouble={isDouble} />
          <span class="hidden">{texts.people[presence]}</span>
          {tags.length > 0 && <span class="tags">{tags.join(' · ')}</span>}
        </span>
      </a>
    </li>
  );
}

/** The display name; where others have the same one, the name that only this person has stands beside it. */
function PersonName({ person, isDouble }: Props) {
  const session = useSession();
  const username = isDouble === true ? session.people.get(person.key.id).value.value?.username : undefined;
  return (
    <span class="name">
      <bdi>{person.display_name}</bdi>
      {username !== undefined && (
        <>
          {' '}
          <bdi class="username">@{username}</bdi>
        </>
      )}
    </span>
  );
}
