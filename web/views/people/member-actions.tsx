import { useState } from 'preact/hooks';
import { type Duration, muteEnd, muteState } from '../../model/people/durations.ts';
import { outranks } from '../../model/people/rank.ts';
import { ConfirmDialog } from '../common/confirm-dialog.tsx';
import { useLanguage, useSession } from '../common/context.ts';
import { Problem } from '../common/problem.tsx';
import { useAct } from '../common/use-act.ts';
import { useLive } from '../common/use-live.ts';
import { useOwnRole } from '../rooms/use-own-role.ts';
import { SelectField } from '../settings/select-field.tsx';
import { BanDialog } from './ban-dialog.tsx';
import { durationTexts } from './duration-texts.ts';

type Props = { readonly room: number; readonly person: number; readonly name: string };

/** What one can do with a member of a room, if one's rank there is high enough. */
export function MemberActions({ room, person, name }: Props) {
  const { client, entry } = useRoom(room);
  const { texts, times } = useLanguage();
  const words = texts.people;
  const own = useOwnRole(room);
  const member = useLive(() => client.watch({ type: 'member', id: [room, person] }), [client, room, person]);
  const { problem, act, isBusy } = useAct();
  const [asked, setAsked] = useState<'kick' | 'ban' | null>(null);
  const [openedAt] = useState(() => Date.now());
  const content = member.value.value;
  if (content === undefined || entry === undefined) return null;
  const { role, muted_until: until } = content;
  const mayAct = outranks(own, role); // WEB-98
  const isOwner = own === 'owner';
  if (!mayAct && !isOwner) return null;
  const key = { type: 'member' as const, id: [room, person] as [number, number] };
  const mute = muteState(until, openedAt);
  const close = () => setAsked(null);
  return (
    <section class="member-actions">
      <h3>
        <bdi>{words.inRoom(entry.name)}</bdi>
      </h3>
      <Problem text={problem} />
      {isOwner && (
        <SelectField
          label={words.role}
          value={role}
          options={{ member: words.member, moderator: words.moderator, owner: words.owner }}
          disabled={isBusy}
          onChange={(next) => void act(() => client.patch(key, { role: next }))}
        />
      )}
      {mayAct && (
        <>
          {mute === 'none' ? (
            <SelectField<Duration | ''>
              label={words.mute}
              value=""
              options={{ '': words.muteFor, ...durationTexts(words) }}
              disabled={isBusy}
              onChange={(duration) =>
                duration !== '' && void act(() => client.patch(key, { muted_until: muteEnd(duration, Date.now()) }))
              }
            />
          ) : (
            <p class="muted">
              {mute === 'for-good' ? words.mutedForGood : words.mutedUntil(times.full(until ?? 0))}
              <button
                type="button"
                disabled={isBusy}
                onClick={() => void act(() => client.patch(key, { muted_until: null }))}
              >
                {words.unmute}
              </button>
            </p>
          )}
          <div class="card-actions">
            <button type="button" class="is-grave" onClick={() => setAsked('kick')}>
              {words.kick}
            </button>
            <button type="button" class="is-grave" onClick={() => setAsked('ban')}>
              {words.ban}
            </button>
          </div>
        </>
      )}
      {asked === 'kick' && (
        <ConfirmDialog
          title={words.kick}
          question={words.kickQuestion(name, entry.name)}
          action={words.kick}
          onConfirm={() => client.remove({ type: 'members', id: room }, { key: { type: 'user', id: person } })}
          onClose={close}
        />
      )}
      {asked === 'ban' && <BanDialog room={room} roomName={entry.name} person={person} name={name} onClose={close} />}
    </section>
  );
}

function useRoom(room: number) {
  const session = useSession();
  return { client: session.client, entry: session.entry(room) };
}
