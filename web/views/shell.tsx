import { useEffect, useMemo, useRef } from 'preact/hooks';
import { parseRoute, type Route } from '../model/route.ts';
import { ConnectionWatch } from '../state/connection-status.ts';
import { ConnectionBar } from './account/connection-bar.tsx';
import { ConnectionProvider, useApp, useSession } from './common/context.ts';
import { ConversationView } from './conversation/conversation-view.tsx';
import { lazy } from './common/lazy.tsx';
import { PeoplePane } from './people/people-pane.tsx';
import { ShortcutKeys } from './keys/shortcut-keys.tsx';
import { SkipLinks } from './keys/skip-links.tsx';
import { useViewFocus } from './keys/view-focus.ts';
import { Sidebar } from './rooms/sidebar.tsx';
import { useNotices } from './account/use-notices.ts';

const DirectoryView = lazy(async () => (await import('./directory/directory-view.tsx')).DirectoryView);
const InvitationView = lazy(async () => (await import('./invitations/invitation-view.tsx')).InvitationView);
const OverlayView = lazy(async () => (await import('./rooms/overlay-view.tsx')).OverlayView);
const PersonCard = lazy(async () => (await import('./people/person-card.tsx')).PersonCard);
const SettingsView = lazy(async () => (await import('./settings/settings-view.tsx')).SettingsView);

const SearchView = lazy(async () => (await import('./find/search-view.tsx')).SearchView);

/** What a person who is logged in sees: rooms, a conversation, and the people in it; less of it on a small screen. */
export function Shell() {
  const app = useApp();
  const session = useSession();
  const route = app.router.route.value;
  // A person is shown on a card above what was there before.
  const below = useRef<Route>({ type: 'home' });
  if (route.type !== 'person') below.current = route;
  const shown = below.current;
  const first = session.rooms.value.value?.entries[0]?.key.id;
  const isWide = matchMedia('(min-width: 48rem)').matches;
  const connection = useMemo(() => new ConnectionWatch(session), [session]);
  useEffect(() => () => connection.close(), [connection]);
  useNotices();

  useEffect(() => {
    // The address may lead elsewhere already, before its event has come.
    const isHome = route.type === 'home' && parseRoute(location.hash).type === 'home';
    if (isHome && isWide && first !== undefined) app.router.replace({ type: 'room', room: first });
  }, [route.type, first === undefined]);

  useViewFocus(JSON.stringify(shown));

  const room = shown.type === 'room' ? session.entry(shown.room) : undefined;
  return (
    <ConnectionProvider value={connection}>
      <div class="shell" data-route={shown.type}>
        <SkipLinks />
        <Sidebar />
        <div class="middle">
          {shown.type === 'room' && <ConversationView key={shown.room} room={shown.room} number={shown.number} />}
          {shown.type === 'search' && <SearchView query={shown} />}
          {shown.type === 'settings' && <SettingsView />}
          {shown.type === 'invitation' && <InvitationView key={shown.code} code={shown.code} />}
          {shown.type === 'people' && <DirectoryView unit={shown.unit} />}
          {/* A conversation has its own place for it. */}
          {shown.type !== 'room' && <ConnectionBar />}
        </div>
        {room !== undefined && <PeoplePane key={room.key.id} room={room.key.id} />}
        {route.type === 'person' && (
          <PersonCard
            key={route.person}
            person={route.person}
            room={room === undefined || room.direct ? null : room.key.id}
            onClose={() => app.router.replace(shown)}
          />
        )}
        {session.overlays.open.value !== null && <OverlayView />}
        <ShortcutKeys />
      </div>
    </ConnectionProvider>
  );
}
