import { failureText } from '../../state/failure-text.ts';
import { SelfFooter } from '../account/self-footer.tsx';
import { useApp, useLanguage, useSession } from '../common/context.ts';
import { IconButton } from '../common/icon-button.tsx';
import { Menu, type MenuItem } from '../common/menu.tsx';
import { Problem } from '../common/problem.tsx';
import { RoomSection } from './room-section.tsx';

/** The rooms of the person, and who the person is. */
export function Sidebar() {
  const { texts } = useLanguage();
  const app = useApp();
  const session = useSession();
  const { rooms, overlays } = session;
  const entries = rooms.value.value?.entries;
  const error = rooms.error.value;
  const isGuest = session.self.value.value?.guest === true;
  const toDirectory = () => app.router.go({ type: 'people', unit: session.client.keys.home.id });
  const markAllRead = () => {
    app.preferences.set({ unreadFrom: {} });
    for (const entry of entries ?? []) session.reading.seenAll(entry); // WEB-103
  };
  const items: readonly MenuItem[] = [
    ...(isGuest
      ? []
      : [
          { icon: 'plus', label: texts.rooms.create, onChoose: () => overlays.show({ type: 'create-room' }) } as const,
          { icon: 'room', label: texts.rooms.find, onChoose: () => overlays.show({ type: 'find-room' }) } as const,
        ]),
    { icon: 'people', label: texts.directory.all, onChoose: toDirectory },
    { icon: 'check', label: texts.rooms.markAllRead, onChoose: markAllRead },
  ];
  return (
    <div class="sidebar">
      <header>
        <h1>
          <bdi>{app.facts.name}</bdi>
        </h1>
        <IconButton icon="search" label={texts.menu.search} onClick={() => app.shortcuts.search()} />
        <IconButton icon="people" label={texts.directory.title} onClick={toDirectory} />
        <Menu icon="plus" label={texts.rooms.add} items={items} />
      </header>
      <nav aria-label={texts.rooms.title}>
        <Problem text={error === null ? null : failureText(error, texts)} />
        {entries?.length === 0 && <p class="hint">{texts.rooms.none}</p>}
        <RoomSection name="rooms" title={texts.rooms.title} entries={entries?.filter(({ direct }) => !direct) ?? []} />
        <RoomSection
          name="directs"
          title={texts.rooms.directs}
          entries={entries?.filter(({ direct }) => direct) ?? []}
        />
      </nav>
      <SelfFooter />
    </div>
  );
}
