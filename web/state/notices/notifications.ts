import { effect } from '@preact/signals';
import type { MessageEntry, RoomEntry } from '../../../src/protocols/documents/client.ts';
import { type Notice, noticeOf } from '../../model/notice.ts';
import type { Preferences } from '../preferences.ts';
import type { Router } from '../router.ts';
import type { ChatSession } from '../session.ts';
import type { Tabs } from '../tabs/tabs.ts';

/** At most so many messages that came together are looked at. */
const MOST_AT_ONCE = 20;
const LONGEST_TEXT = 200;

/** What notifications need of the page. */
export type NotificationParts = {
  readonly session: ChatSession;
  readonly tabs: Tabs;
  readonly preferences: Preferences;
  readonly router: Router;
};

/** Shows new messages as notifications of the browser, in one tab for all, and takes them back when they are read. */
export class Notifications {
  readonly #parts: NotificationParts;
  /** The number of the last message of each room that was looked at. */
  #known: Map<number, number> | null = null;
  readonly #shown = new Map<number, { readonly number: number; readonly notification: Notification }>();
  readonly #stop: () => void;
  readonly #closeAll = () => this.#closeWhere(() => true);

  constructor(parts: NotificationParts) {
    this.#parts = parts;
    addEventListener('pagehide', this.#closeAll);
    this.#stop = effect(() => {
      const entries = parts.session.rooms.value.value?.entries;
      if (entries !== undefined) this.#changed(entries);
    });
  }

  close(): void {
    this.#stop();
    this.#closeAll();
    removeEventListener('pagehide', this.#closeAll);
  }

  #changed(entries: readonly RoomEntry[]): void {
    const known = this.#known;
    this.#known = new Map(entries.map(({ key, number }) => [key.id, number]));
    const seen = new Map(entries.map((entry) => [entry.key.id, entry.seen]));
    this.#closeWhere((room, number) => (seen.get(room) ?? number) >= number); // WEB-12
    if (known === null) return;
    for (const entry of entries) {
      // A room that was not there is one that somebody has just begun, or asked the person into.
      const before = known.get(entry.key.id) ?? (entry.direct ? 0 : entry.number);
      if (entry.number > before) void this.#came(entry, entry.number - before);
    }
  }

  async #came(entry: RoomEntry, count: number): Promise<void> {
    if (!this.#parts.tabs.isLeader.peek() || !canNotify()) return; // WEB-13
    const messages = await this.#messages(entry, count);
    const { session, preferences, tabs } = this.#parts;
    const { display_name: displayName = '', username = '' } = session.self.value.peek() ?? {};
    const notice = noticeOf(session.entry(entry.key.id) ?? entry, messages, {
      ...preferences.value,
      watchedRooms: tabs.watchedRooms.peek(),
      self: session.selfKey.id,
      names: [displayName, username, session.name],
      isBlocked: (person) => session.isBlocked(person),
    });
    if (notice !== null) this.#show(entry, notice);
  }

  /** The new messages of a room; the list of rooms has only the last one. */
  async #messages({ key, last_msg: last }: RoomEntry, count: number): Promise<readonly MessageEntry[]> {
    if (count === 1) return last === null ? [] : [last];
    const size = Math.min(count, MOST_AT_ONCE);
    const page = await this.#parts.session.client.getPage(key, { view: 'desc', size }).catch(() => null);
    return page?.entries.toReversed() ?? [];
  }

  #show({ name, direct }: RoomEntry, { room, number, sender, text }: Notice): void {
    const body = text.slice(0, LONGEST_TEXT);
    const title = direct ? sender : `${sender} (${name})`;
    try {
      // With one tag for a room its next notification takes the place of this one.
      const options = { body, tag: `parlance.${room}`, renotify: true } as NotificationOptions; // WEB-13
      const notification = new Notification(title, options);
      this.#shown.set(room, { number, notification });
      notification.addEventListener('click', () => {
        window.focus();
        this.#parts.router.go({ type: 'room', room, number }); // WEB-14
        notification.close();
      });
    } catch {
      // Browsers on phones have the class, and refuse to make one.
    }
  }

  #closeWhere(isOver: (room: number, number: number) => boolean): void {
    for (const [room, { number, notification }] of this.#shown) {
      if (!isOver(room, number)) continue;
      notification.close();
      this.#shown.delete(room);
    }
  }
}

/** Why the browser shows no notifications here; `ask` if the person has not been asked yet. */
export type Permission = 'granted' | 'ask' | 'denied' | 'insecure' | 'missing';

export function notificationPermission(): Permission {
  if (!isSecureContext) return 'insecure';
  if (typeof Notification === 'undefined') return 'missing';
  return Notification.permission === 'default' ? 'ask' : Notification.permission;
}

function canNotify(): boolean {
  return notificationPermission() === 'granted';
}
