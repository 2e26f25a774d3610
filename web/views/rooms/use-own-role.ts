import type { RoomRole } from '../../model/people/rank.ts';
import { useSession } from '../common/context.ts';
import { useLive } from '../common/use-live.ts';

/** What this person may do in a room; null for a guest, and while it is not known. */
export function useOwnRole(room: number): RoomRole {
  const { client, selfKey } = useSession();
  const member = useLive(() => client.watch({ type: 'member', id: [room, selfKey.id] }), [client, room]);
  return member.value.value?.role ?? null;
}
