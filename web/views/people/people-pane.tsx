import { useLanguage, useSession } from '../common/context.ts';
import { PersonItem } from './person-item.tsx';
import { useLive } from '../common/use-live.ts';

const SIZE = 100;

/** The members of a room, those who are here first. */
export function PeoplePane({ room }: { readonly room: number }) {
  const { client } = useSession();
  const { texts } = useLanguage();
  const members = useLive(
    () => client.watchPage({ type: 'members', id: room }, { view: 'asc_pres_first', size: SIZE }),
    [client, room],
  );
  const page = members.value.value;
  if (page === undefined) return <aside class="people" aria-label={texts.people.title} />;
  return (
    <aside class="people" aria-label={texts.people.title}>
      <h2>{texts.people.title}</h2>
      <ul>
        {page.entries.map((person) => (
          <PersonItem key={person.key.id} person={person} />
        ))}
      </ul>
      {page.total > page.entries.length && <p class="hint">{texts.people.more(page.total - page.entries.length)}</p>}
    </aside>
  );
}
