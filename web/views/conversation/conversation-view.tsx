import { useEffect, useMemo } from 'preact/hooks';
import { rowsOf } from '../../model/rows.ts';
import { useApp, useLanguage, useSession } from '../common/context.ts';
import { Composer } from '../composer/composer.tsx';
import { ConversationHeader } from './conversation-header.tsx';
import { lazy } from '../common/lazy.tsx';
import { ConnectionBar } from '../account/connection-bar.tsx';
import { MessageList } from './message-list.tsx';
import { NewMessageVoice } from './new-message-voice.tsx';
import { Notice } from './notice.tsx';
import { TypingLine } from './typing-line.tsx';
import { ComposerState } from '../../state/composer-state.ts';

const JumpToDate = lazy(async () => (await import('../find/jump-to-date.tsx')).JumpToDate);

type Props = { readonly room: number; readonly number: number | undefined };

/** One conversation: its messages, and the field where one writes. */
export function ConversationView({ room, number }: Props) {
  const app = useApp();
  const session = useSession();
  const { texts, times } = useLanguage();
  const conversation = useMemo(() => session.conversation(room), [session, room]);
  const composer = useMemo(() => new ComposerState(session, room), [session, room]);
  const isKnown = conversation.entry !== undefined;

  useEffect(() => {
    if (!isKnown) return;
    const { unreadFrom } = app.preferences.value;
    conversation.open(number, unreadFrom[room]);
    const { [room]: _, ...others } = unreadFrom;
    app.preferences.set({ unreadFrom: others });
    return () => conversation.leave();
  }, [conversation, isKnown]);
  useEffect(() => {
    if (isKnown && number !== undefined) conversation.jumpTo(number);
  }, [app.router.route.value]);

  const messages = conversation.messages.value;
  const newFrom = conversation.newFrom.value;
  const rows = useMemo(
    () => rowsOf(messages, { newFrom, dayOf: (time) => times.dayKey(time) }),
    [messages, newFrom, times],
  );
  const day = conversation.dayChoice.value;
  const unsent = session.outbox.value.filter((message) => message.room.id === room);

  if (!isKnown) {
    const isLoaded = session.rooms.value.value !== undefined;
    return (
      <main class="conversation">
        <p class="empty">{isLoaded ? texts.conversation.notFound : texts.conversation.loading}</p>
      </main>
    );
  }
  return (
    <main class="conversation">
      <ConversationHeader conversation={conversation} />
      <Notice conversation={conversation} />
      <MessageList
        conversation={conversation}
        composer={composer}
        rows={rows}
        unsent={unsent}
        target={conversation.target.value}
      />
      <div class="strip">
        <TypingLine room={room} />
        <ConnectionBar />
      </div>
      <NewMessageVoice conversation={conversation} />
      <Composer conversation={conversation} composer={composer} />
      {day !== null && <JumpToDate conversation={conversation} day={day} />}
    </main>
  );
}
