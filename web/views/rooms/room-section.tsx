import type { RoomEntry } from '../../../src/protocols/documents/client.ts';
import { useApp } from '../common/context.ts';
import { Icon } from '../common/icon.tsx';
import { RoomItem } from './room-item.tsx';

type Props = {
  /** What the choice to fold it is kept under. */
  readonly name: string;
  readonly title: string;
  readonly entries: readonly RoomEntry[];
};

/** A part of the list of rooms that can be folded up; then it shows the current room and what is unread. */
export function RoomSection({ name, title, entries }: Props) {
  const app = useApp();
  const { closedSections, mutedRooms } = app.preferences.value;
  const route = app.router.route.value;
  if (entries.length === 0) return null;
  const isClosed = closedSections.includes(name);
  const isShown = ({ key, unread }: RoomEntry) =>
    !isClosed || (route.type === 'room' && route.room === key.id) || (unread > 0 && !mutedRooms.includes(key.id)); // WEB-91
  const fold = () => {
    const others = closedSections.filter((one) => one !== name);
    app.preferences.set({ closedSections: isClosed ? others : [...others, name] });
  };
  return (
    <section>
      <h2>
        <button type="button" class="fold" aria-expanded={!isClosed} onClick={fold}>
          <Icon name="fold" />
          {title}
        </button>
      </h2>
      <ul>
        {entries.filter(isShown).map((entry) => (
          <RoomItem key={entry.key.id} entry={entry} />
        ))}
      </ul>
    </section>
  );
}
