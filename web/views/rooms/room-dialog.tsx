import { useState } from 'preact/hooks';
import { invites, isLobby, moderates } from '../../model/people/rank.ts';
import { useApp, useLanguage, useSession } from '../common/context.ts';
import { ConfirmDialog } from '../common/confirm-dialog.tsx';
import { Dialog } from '../common/dialog.tsx';
import { Icon } from '../common/icon.tsx';
import { RoomNameForm } from './room-name-form.tsx';
import { useOwnRole } from './use-own-role.ts';

type Props = { readonly room: number; readonly onClose: () => void };

/** What a room is, and what one can do with it. */
export function RoomDialog({ room, onClose }: Props) {
  const app = useApp();
  const session = useSession();
  const { texts } = useLanguage();
  const role = useOwnRole(room);
  const [isLeaving, setLeaving] = useState(false);
  const entry = session.entry(room);
  const isOpen = session.conversation(room).content.value.value?.open === true;
  const { mutedRooms } = app.preferences.value;
  if (entry === undefined) return null;
  const isMuted = mutedRooms.includes(room);
  const mute = () => {
    const others = mutedRooms.filter((one) => one !== room);
    app.preferences.set({ mutedRooms: isMuted ? others : [...others, room] });
  };
  const leave = async () => {
    await session.client.remove(session.client.keys.rooms, { key: entry.key }); // WEB-100
    onClose();
    const next = session.rooms.value.peek()?.entries.find(({ key }) => key.id !== room);
    const isWide = matchMedia('(min-width: 48rem)').matches;
    app.router.replace(isWide && next !== undefined ? { type: 'room', room: next.key.id } : { type: 'home' });
  };
  return (
    <Dialog title={entry.name} onClose={onClose}>
      <p class="room-facts">
        <Icon name={isOpen ? 'room' : 'lock'} />
        <span>
          {isOpen ? texts.rooms.isOpen : texts.rooms.isClosed} · {texts.conversation.members(entry.members_total)}
        </span>
      </p>
      {moderates(role) && <RoomNameForm room={room} name={entry.name} />}
      <label class="check">
        <input type="checkbox" checked={!isMuted} onChange={mute} />
        {texts.rooms.notify}
      </label>
      <footer>
        {role !== null && !isLobby(entry) && (
          <button type="button" class="is-grave" onClick={() => setLeaving(true)}>
            {texts.rooms.leave}
          </button>
        )}
        {invites(role, isOpen) && (
          <button type="button" class="strong" onClick={() => session.overlays.show({ type: 'invite', room })}>
            {texts.rooms.invite}
          </button>
        )}
      </footer>
      {isLeaving && (
        <ConfirmDialog
          title={texts.rooms.leave}
          question={`${texts.rooms.leaveQuestion(entry.name)} ${isOpen ? '' : texts.rooms.leaveClosed}`}
          action={texts.rooms.leave}
          onConfirm={leave}
          onClose={() => setLeaving(false)}
        />
      )}
    </Dialog>
  );
}
