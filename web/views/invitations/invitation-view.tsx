import { useEffect, useState } from 'preact/hooks';
import type { Invitation } from '../../../src/protocols/documents/client.ts';
import { DocumentsError } from '../../../src/protocols/documents/client.ts';
import { failureText } from '../../state/failure-text.ts';
import { useApp, useLanguage, useSession } from '../common/context.ts';
import { Problem } from '../common/problem.tsx';
import { useAct } from '../common/use-act.ts';

/** Where a link with an invitation leads: to which room, and whether one wants to join it. */
export function InvitationView({ code }: { readonly code: string }) {
  const app = useApp();
  const session = useSession();
  const { texts } = useLanguage();
  const words = texts.invitations;
  const [invitation, setInvitation] = useState<Invitation | null>(null);
  const [failure, setFailure] = useState<unknown>(null);
  const { problem, act, isBusy } = useAct();
  const { client, connection } = session;
  const isConnected = connection.value?.type === 'connected';

  useEffect(() => {
    if (!isConnected) return;
    let isCurrent = true;
    setFailure(null);
    client.invitation(code).then(
      (found) => isCurrent && setInvitation(found),
      (error: unknown) => isCurrent && setFailure(error),
    ); // WEB-113
    return () => {
      isCurrent = false;
    };
  }, [client, code, isConnected]);

  const isGuest = session.self.value.value?.guest === true;
  const isOver = failure instanceof DocumentsError && failure.status === 404;
  const isIn = invitation !== null && session.entry(invitation.room.id) !== undefined;
  const enter = (room: number) => app.router.replace({ type: 'room', room });
  const join = () => act(async () => enter((await client.joinByInvitation(code)).id)); // WEB-113
  return (
    <main class="no-room">
      <h2>{words.invited}</h2>
      {invitation === null && failure === null && <p>{words.loading}</p>}
      {isOver && <p role="alert">{words.over}</p>}
      {!isOver && failure !== null && <Problem text={failureText(failure, texts)} />}
      {invitation !== null && (
        <>
          <p class="invited-room">
            <bdi>{invitation.name}</bdi>
          </p>
          <p>{isIn ? words.joinedAlready : words.members(invitation.members_total)}</p>
          {isGuest && !isIn && <p>{words.guest}</p>}
        </>
      )}
      <Problem text={problem} />
      <p class="choices">
        {invitation !== null && isIn && (
          <button type="button" class="strong" onClick={() => enter(invitation.room.id)}>
            {words.toRoom}
          </button>
        )}
        {invitation !== null && !isIn && (
          <button type="button" class="strong" disabled={isBusy || isGuest} onClick={() => void join()}>
            {words.join}
          </button>
        )}
        <button type="button" onClick={() => app.router.replace({ type: 'home' })}>
          {texts.rooms.toRooms}
        </button>
      </p>
    </main>
  );
}
