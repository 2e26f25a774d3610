import { useSession } from '../common/context.ts';
import { InviteDialog } from '../invitations/invite-dialog.tsx';
import { CreateRoomDialog } from './create-room-dialog.tsx';
import { FindRoomDialog } from './find-room-dialog.tsx';
import { RoomDialog } from './room-dialog.tsx';

/** The dialog about rooms that is open. */
export function OverlayView() {
  const { overlays } = useSession();
  const open = overlays.open.value;
  const close = () => overlays.close();
  switch (open?.type) {
    case 'create-room':
      return <CreateRoomDialog onClose={close} />;
    case 'find-room':
      return <FindRoomDialog onClose={close} />;
    case 'room':
      return <RoomDialog room={open.room} onClose={close} />;
    case 'invite':
      return <InviteDialog room={open.room} onClose={close} />;
    case undefined:
      return null;
  }
}
