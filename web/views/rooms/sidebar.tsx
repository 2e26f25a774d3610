import type { RoomEntry } from '../../../src/protocols/documents/client.ts';
import { SelfFooter } from '../account/self-footer.tsx';
import { useApp, useLanguage, useSession } from '../common/context.ts';
import { IconButton } from '../common/icon-button.tsx';
import { RoomItem } from './room-item.tsx';

/** The rooms of the person, and who the person is. */
export function Sidebar() {
  const { texts } = useLanguage();
  const app = useApp();
  const session = useSession();
  const entries = session.rooms.value.value?.entries;
  const groups = entries?.filter(({ direct }) => !direct) ?? [];
  const directs = entries?.filter(({ direct }) => direct) ?? [];
  return (
    <div class="sidebar">
      <header>
        <h1>{app.facts.name}</h1>
        <IconButton icon="search" label={texts.menu.search} onClick={() => app.shortcuts.search()} />
      </header>
      <nav aria-label={texts.rooms.title}>
        {entries?.length === 0 && <p class="hint">{texts.rooms.none}</p>}
        <RoomSection title={texts.rooms.title} entries={groups} />
        <RoomSection title={texts.rooms.directs} entries={directs} />
      </nav>
      <SelfFooter />
    </div>
  );
}

function RoomSection({ title, entries }: { readonly title: string; readonly entries: readonly RoomEntry[] }) {
  if (entries.length === 0) return null;
  return (
    <section>
      <h2>{title}</h2>
      <ul>
        {entries.map((entry) => (
          <RoomItem key={entry.key.id} entry={entry} />
        ))}
      </ul>
    </section>
  );
}
