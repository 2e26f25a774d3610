import { useEffect } from 'preact/hooks';
import type { ListedRoom } from '../../model/neighbour.ts';
import { parseRoute } from '../../model/route.ts';
import { shortcutOf } from '../../model/shortcuts.ts';
import { useApp, useSession } from '../common/context.ts';
import { lazy } from '../common/lazy.tsx';

const loadSwitch = async () => (await import('../find/quick-switch.tsx')).QuickSwitchDialog;
const QuickSwitchDialog = lazy(loadSwitch);
const ShortcutList = lazy(async () => (await import('./shortcut-list.tsx')).ShortcutList);

/** Listens to the keys that act everywhere, and shows the dialog that one of them opens. */
export function ShortcutKeys() {
  const app = useApp();
  const session = useSession();
  useEffect(() => {
    // What is typed after the key is for the field of the dialog, so its code is there before.
    const timer = setTimeout(() => void loadSwitch().catch(() => {}), 2_000);
    return () => clearTimeout(timer);
  }, []);
  useEffect(() => {
    const pressed = (event: KeyboardEvent) => {
      if (event.defaultPrevented || isCovered()) return; // WEB-151
      const name = shortcutOf(event, takesText(event.target));
      if (name === null) return;
      event.preventDefault();
      app.shortcuts.act(name, session, listedRooms());
    };
    document.addEventListener('keydown', pressed);
    return () => document.removeEventListener('keydown', pressed);
  }, [app, session]);
  const dialog = app.shortcuts.dialog.value;
  if (dialog === 'switch') return <QuickSwitchDialog />;
  return dialog === 'keys' ? <ShortcutList /> : null;
}

/** Whether a dialog or a menu is open: it has the keys for itself. */
function isCovered(): boolean {
  return document.querySelector('dialog[open], [role="menu"]') !== null;
}

function takesText(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  return target.isContentEditable || target.matches('input, textarea, select');
}

/** The rooms in the order in which one sees them. */
function listedRooms(): readonly ListedRoom[] {
  return [...document.querySelectorAll<HTMLElement>('.sidebar .room-item')].flatMap((item) => {
    const route = parseRoute(item.getAttribute('href') ?? '');
    return route.type === 'room' ? { room: route.room, isUnread: item.dataset['unread'] === 'true' } : [];
  });
}
