import { useId } from 'preact/hooks';
import type { Route } from '../../model/route.ts';
import type { SearchQuery } from '../../state/find/search.ts';
import { useApp, useLanguage, useSession } from '../common/context.ts';
import { useLive } from '../common/use-live.ts';

/** In which room, and by whom: what a search may be limited to. */
export function SearchFilters({ query }: { readonly query: SearchQuery }) {
  const app = useApp();
  const session = useSession();
  const { texts } = useLanguage();
  const [roomField, senderField] = [useId(), useId()];
  const { text, room, sender } = query;
  const change = (changes: { readonly room?: number | undefined; readonly sender?: number | undefined }) => {
    const next = { room, sender, ...changes };
    const route: Route = {
      type: 'search',
      text,
      ...(next.room !== undefined && { room: next.room }),
      ...(next.sender !== undefined && { sender: next.sender }),
    };
    app.router.replace(route);
  };
  return (
    <div class="search-filters">
      <label for={roomField}>{texts.find.where}</label>
      <select id={roomField} onChange={({ currentTarget }) => change({ room: idOf(currentTarget.value) })}>
        <option value="" selected={room === undefined}>
          {texts.find.everywhere}
        </option>
        {session.rooms.value.value?.entries.map((entry) => (
          <option key={entry.key.id} value={entry.key.id} selected={room === entry.key.id}>
            {entry.name}
          </option>
        ))}
      </select>
      <label for={senderField}>{texts.find.from}</label>
      <select id={senderField} onChange={({ currentTarget }) => change({ sender: idOf(currentTarget.value) })}>
        <option value="" selected={sender === undefined}>
          {texts.find.anyone}
        </option>
        <option value={session.selfKey.id} selected={sender === session.selfKey.id}>
          {texts.find.yourself}
        </option>
        {usePeople(room, sender).map(({ id, name }) => (
          <option key={id} value={id} selected={sender === id}>
            {name}
          </option>
        ))}
      </select>
    </div>
  );
}

/** The people whom one may mean: the one who is chosen, the members of the room, the favourites, and those of directs. */
function usePeople(room: number | undefined, sender: number | undefined) {
  const session = useSession();
  const { client, selfKey } = session;
  const members = useLive(
    () =>
      client.watchPage(room === undefined ? client.keys.fav : { type: 'members', id: room }, {
        view: 'asc',
        size: 100,
      }),
    [client, room],
  );
  const directs = (session.rooms.value.value?.entries ?? [])
    .filter(({ direct }) => direct)
    .flatMap((entry) => entry.members.map(({ key }) => key.id));
  const listed = members.value.value?.entries ?? [];
  const names = new Map(listed.map((person) => [person.key.id, person.display_name]));
  for (const id of [...(sender === undefined ? [] : [sender]), ...(room === undefined ? directs : [])]) {
    const name = session.people.get(id).value.value?.display_name;
    if (name !== undefined) names.set(id, name);
  }
  names.delete(selfKey.id);
  return Array.from(names, ([id, name]) => ({ id, name })).toSorted((a, b) => a.name.localeCompare(b.name));
}

function idOf(value: string): number | undefined {
  return value === '' ? undefined : Number(value);
}
