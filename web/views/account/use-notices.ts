import { computed } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { Notifications } from '../../state/notices/notifications.ts';
import { showInTitle, unreadTotal } from '../../state/notices/page-title.ts';
import { useApp, useSession } from '../common/context.ts';

/** Tells of new messages outside of the page: in its title, and by notifications of the browser. */
export function useNotices(): void {
  const app = useApp();
  const session = useSession();
  useEffect(() => {
    const { tabs, preferences, router, facts } = app;
    const notifications = new Notifications({ session, tabs, preferences, router });
    const unread = computed(() => unreadTotal(session, preferences, router));
    const room = computed(() => {
      const route = router.route.value;
      return route.type === 'room' ? (session.entry(route.room)?.name ?? '') : '';
    });
    const stop = showInTitle(facts.name, room, unread);
    return () => {
      stop();
      notifications.close();
    };
  }, [app, session]);
}
