import { useEffect, useMemo } from 'preact/hooks';
import { parseRoute } from '../model/route.ts';
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

const SettingsView = lazy(async () => (await import('./settings/settings-view.tsx')).SettingsView);

const SearchView = lazy(async () => (await import('./find/search-view.tsx')).SearchView);

/** What a person who is logged in sees: rooms, a conversation, and the people in it; less of it on a small screen. */
export function Shell() {
  const app = useApp();
  const session = useSession();
  const route = app.router.route.value;
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

  useViewFocus(JSON.stringify(route));

  return (
    <ConnectionProvider value={connection}>
      <div class="shell" data-route={route.type}>
        <SkipLinks />
        <Sidebar />
        <div class="middle">
          {route.type === 'room' && <ConversationView key={route.room} room={route.room} number={route.number} />}
          {route.type === 'search' && <SearchView query={route} />}
          {route.type === 'settings' && <SettingsView />}
          {/* A conversation has its own place for it. */}
          {route.type !== 'room' && <ConnectionBar />}
        </div>
        {route.type === 'room' && <PeoplePane key={route.room} room={route.room} />}
        <ShortcutKeys />
      </div>
    </ConnectionProvider>
  );
}
