import { useState } from 'preact/hooks';
import { directWith } from '../../state/direct.ts';
import { ConfirmDialog } from '../common/confirm-dialog.tsx';
import { useApp, useLanguage, useSession } from '../common/context.ts';
import { Dialog } from '../common/dialog.tsx';
import { Icon } from '../common/icon.tsx';
import { Problem } from '../common/problem.tsx';
import { useAct } from '../common/use-act.ts';
import { useLive } from '../common/use-live.ts';
import { MemberActions } from './member-actions.tsx';
import { PersonFacts } from './person-facts.tsx';

type Props = {
  readonly person: number;
  /** The room that is open below the card, if it is a group. */
  readonly room: number | null;
  readonly onClose: () => void;
};

/** One person: who it is, and what one can do. */
export function PersonCard({ person, room, onClose }: Props) {
  const app = useApp();
  const session = useSession();
  const { texts } = useLanguage();
  const { client, selfKey } = session;
  const key = { type: 'user', id: person } as const;
  const user = useLive(() => client.watch(key), [client, person]);
  const { problem, act, isBusy } = useAct();
  const [isBlocking, setBlocking] = useState(false);
  const content = user.value.value;
  if (content === undefined) {
    return (
      <Dialog title={texts.people.card} onClose={onClose}>
        <p>{user.error.value === null ? texts.people.loading : texts.people.unknown}</p>
      </Dialog>
    );
  }
  const isSelf = person === selfKey.id;
  const { blocked, fav } = client.keys;
  const isBlocked = session.isBlocked(person);
  const isFavourite = session.isFavourite(person);
  const isGuestSelf = session.self.value.value?.guest === true;
  const write = () =>
    act(async () => {
      const direct = await directWith(session, person); // WEB-110
      app.router.replace({ type: 'room', room: direct });
    });
  const favour = () => act(() => (isFavourite ? client.remove(fav, { key }) : client.add(fav, { key })));
  return (
    <Dialog title={content.display_name} onClose={onClose}>
      <PersonFacts user={content} isSelf={isSelf} />
      {isBlocked && <p class="hint">{texts.people.isBlocked}</p>}
      <Problem text={problem} />
      {!isSelf && (
        <div class="card-actions">
          <button type="button" class="strong" disabled={isBusy} onClick={() => void write()}>
            {texts.people.write}
          </button>
          {!content.guest && !isGuestSelf && (
            <button type="button" aria-pressed={isFavourite} disabled={isBusy} onClick={() => void favour()}>
              <Icon name="star" />
              {isFavourite ? texts.people.unfavourite : texts.people.favourite}
            </button>
          )}
          {blocked && isBlocked && (
            <button type="button" disabled={isBusy} onClick={() => void act(() => client.remove(blocked, { key }))}>
              {texts.people.unblock}
            </button>
          )}
          {blocked && !isBlocked && (
            <button type="button" class="is-grave" onClick={() => setBlocking(true)}>
              {texts.people.block}
            </button>
          )}
        </div>
      )}
      {room !== null && !isSelf && <MemberActions room={room} person={person} name={content.display_name} />}
      {isBlocking && blocked && (
        <ConfirmDialog
          title={texts.people.block}
          question={texts.people.blockQuestion(content.display_name)}
          action={texts.people.block}
          onConfirm={() => client.add(blocked, { key })}
          onClose={() => setBlocking(false)}
        />
      )}
    </Dialog>
  );
}
