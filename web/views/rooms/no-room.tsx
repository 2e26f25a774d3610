import { useState } from 'preact/hooks';
import type { Conversation } from '../../state/conversation.ts';
import { useApp, useLanguage, useSession } from '../common/context.ts';
import { Problem } from '../common/problem.tsx';
import { useAct } from '../common/use-act.ts';

type Props = {
  readonly conversation: Conversation;
  /** The person has been in the room while the page was open. */
  readonly wasIn: boolean;
};

/** Stands where a conversation was or would be: why the person cannot read it, and what to do. */
export function NoRoom({ conversation, wasIn }: Props) {
  const app = useApp();
  const { client } = useSession();
  const { texts } = useLanguage();
  const { problem, act, isBusy } = useAct();
  const [isAsked, setAsked] = useState(false);
  const content = conversation.content.value.value;
  const isOutside = content?.open === true;
  const join = () =>
    act(async () => {
      await client.add(client.keys.rooms, { key: conversation.key }); // WEB-93
      setAsked(true);
    });
  return (
    <main class="no-room">
      <h2 dir="auto">
        {wasIn ? texts.rooms.gone : isOutside ? texts.rooms.outside(content.name) : texts.rooms.unknown}
      </h2>
      {wasIn && <p>{texts.rooms.goneWhy}</p>}
      {isOutside && <p>{texts.rooms.outsideHint}</p>}
      <Problem text={problem} />
      <p class="choices">
        {isOutside && (
          <button type="button" class="strong" disabled={isBusy || isAsked} onClick={() => void join()}>
            {texts.rooms.join}
          </button>
        )}
        <button type="button" onClick={() => app.router.replace({ type: 'home' })}>
          {texts.rooms.toRooms}
        </button>
      </p>
    </main>
  );
}
