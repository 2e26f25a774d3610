import type { PersonEntry } from '../../../src/protocols/documents/client.ts';
import { formatRoute } from '../../model/route.ts';
import { Avatar } from '../common/avatar.tsx';
import { useLanguage, useSession } from '../common/context.ts';

/** A person in a list. */
export function PersonItem({ person }: { readonly person: PersonEntry }) {
  const { selfKey } = useSession();
  const { texts } = useLanguage();
  const { key, display_name: name, picture, presence, role } = person;
  return (
    <li>
      <a class="person-item" href={formatRoute({ type: 'person', person: key.id })}>
        <Avatar picture={picture} presence={presence} />
        <bdi class="name">{name}</bdi>
        <span class="hidden">{texts.people[presence]}</span>
        {role !== undefined && role !== 'member' && <span class="tag">{texts.people[role]}</span>}
        {key.id === selfKey.id && <span class="tag">{texts.people.you}</span>}
      </a>
    </li>
  );
}
