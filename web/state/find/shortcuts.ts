import { signal } from '@preact/signals';
import { neighbourOf, type ListedRoom } from '../../model/neighbour.ts';
import type { ShortcutName } from '../../model/shortcuts.ts';
import type { Router } from '../router.ts';
import type { ChatSession } from '../session.ts';

/** What the keys that act everywhere do. */
export class Shortcuts {
  readonly #router: Router;
  /** The dialog that a key has opened. */
  readonly dialog = signal<'switch' | 'keys' | null>(null);
  #lastRoom: number | null = null;

  constructor(router: Router) {
    this.#router = router;
    router.route.subscribe((route) => {
      if (route.type === 'room') this.#lastRoom = route.room;
      this.dialog.value = null;
    });
  }

  /** Does what a key means. `rooms` are the rooms as the page lists them. */
  act(name: ShortcutName, session: ChatSession, rooms: readonly ListedRoom[]): void {
    switch (name) {
      case 'switch':
      case 'keys':
        this.dialog.value = name;
        return;
      case 'search':
        return this.search();
      case 'previous-room':
        return this.#goTo(neighbourOf(rooms, this.#room, -1, 'any'));
      case 'next-room':
        return this.#goTo(neighbourOf(rooms, this.#room, 1, 'any'));
      case 'previous-unread':
        return this.#goTo(neighbourOf(rooms, this.#room, -1, 'unread'));
      case 'next-unread':
        return this.#goTo(neighbourOf(rooms, this.#room, 1, 'unread'));
      case 'close':
        return this.#close(session);
      case 'read-all':
        return session.readAll();
    }
  }

  /** Opens the search, in the room that is open if one is. */
  search(): void {
    const room = this.#room;
    if (this.#router.route.peek().type === 'search') return;
    this.#router.go({ type: 'search', text: '', ...(room !== null && { room }) });
  }

  get #room(): number | null {
    const route = this.#router.route.peek();
    return route.type === 'room' ? route.room : null;
  }

  #goTo(room: number | null): void {
    if (room !== null) this.#router.go({ type: 'room', room });
  }

  /** In a room it goes to the newest message, and all is read; from elsewhere it goes back to the room. */
  #close(session: ChatSession): void {
    const room = this.#room;
    if (room === null) return this.#lastRoom === null ? this.#router.go({ type: 'home' }) : this.#goTo(this.#lastRoom);
    const conversation = session.conversation(room);
    conversation.toEnd(); // WEB-153
    conversation.newFrom.value = null;
  }
}
