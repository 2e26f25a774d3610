import { computed, effect, type ReadonlySignal } from '@preact/signals';
import { unreadOf } from '../../model/unread.ts';
import type { Preferences } from '../preferences.ts';
import type { Router } from '../router.ts';
import type { ChatSession } from '../session.ts';

/** The icon of the page with a dot; the page has the other one. */
const WITH_DOT = `data:image/svg+xml,${encodeURIComponent(
  '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><rect width="32" height="32" rx="8" fill="#2a5bd0"/><path d="M8 9h16v11H15l-5 4v-4H8Z" fill="#fff"/><circle cx="25" cy="7" r="7" fill="#e5484d"/></svg>',
)}`;

/** How many messages are unread in rooms that are not muted, apart from what is being read. */
export function unreadTotal(session: ChatSession, { value }: Preferences, { route }: Router): number {
  const { mutedRooms, unreadFrom } = value;
  const shown = route.value;
  let total = 0;
  for (const entry of session.rooms.value.value?.entries ?? []) {
    const { id } = entry.key;
    if (mutedRooms.includes(id)) continue;
    if (shown.type === 'room' && shown.room === id && session.conversation(id).isReading.value) continue;
    total += unreadOf(entry, unreadFrom[id]);
  }
  return total;
}

/** Keeps the title and the icon of the page fresh, until the returned function is called. */
export function showInTitle(server: string, room: ReadonlySignal<string>, unread: ReadonlySignal<number>): () => void {
  const icon = document.querySelector<HTMLLinkElement>('link[rel="icon"]');
  const plain = icon?.href ?? '';
  const hasUnread = computed(() => unread.value > 0);
  const stops = [
    effect(() => {
      const count = unread.value > 0 ? `(${unread.value}) ` : ''; // WEB-15
      document.title = count + (room.value === '' ? server : `${room.value} - ${server}`);
    }),
    effect(() => {
      if (icon !== null) icon.href = hasUnread.value ? WITH_DOT : plain; // WEB-15
    }),
  ];
  return () => {
    for (const stop of stops) stop();
    document.title = server;
    if (icon !== null) icon.href = plain;
  };
}
