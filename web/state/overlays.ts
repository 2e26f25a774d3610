import { signal } from '@preact/signals';

/** What lies above the page. */
export type Overlay =
  | { readonly type: 'create-room' }
  | { readonly type: 'find-room' }
  | { readonly type: 'room'; readonly room: number }
  | { readonly type: 'invite'; readonly room: number };

/** What is open above the page, and whether the people of the room are shown where there is no column for them. */
export class Overlays {
  readonly open = signal<Overlay | null>(null);
  readonly hasPeople = signal(false);

  show(overlay: Overlay): void {
    this.open.value = overlay;
  }

  close(): void {
    this.open.value = null;
  }
}
