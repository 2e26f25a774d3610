import { useComputed } from '@preact/signals';
import { useEffect, useMemo, useRef } from 'preact/hooks';
import type { Route } from '../../model/route.ts';
import { rowsOf } from '../../model/rows.ts';
import { unsentIn } from '../../state/writing/unsent.ts';
import { useApp, useLanguage, useSession } from '../common/context.ts';
import { Composer } from '../composer/composer.tsx';
import { ConversationHeader } from './conversation-header.tsx';
import { DropZone } from './drop-zone.tsx';
import { lazy } from '../common/lazy.tsx';
import { ConnectionBar } from '../account/connection-bar.tsx';
import { MessageDialog } from '../message/message-dialog.tsx';
import { MessageList } from './message-list.tsx';
import { NewMessageVoice } from './new-message-voice.tsx';
import { Notice } from './notice.tsx';
import { NoRoom } from '../rooms/no-room.tsx';
import { TypingLine } from './typing-line.tsx';
import { useToday } from '../common/use-today.ts';

const JumpToDate = lazy(async () => (await import('../find/jump-to-date.tsx')).JumpToDate);

type Props = { readonly room: number; readonly number: number | undefined };

/** One conversation: its messages, and the field where one writes. */
export function ConversationView({ room, number }: Props) {
  const app = useApp();
  const session = useSession();
  const { texts, times } = useLanguage();
  const conversation = useMemo(() => session.conversation(room), [session, room]);
  const composer = useMemo(() => session.composer(room), [session, room]);
  const today = useToday(times);
  const isKnown = conversation.entry !== undefined;
  const route = app.router.route.value;
  const shown = useRef<Route | null>(null);
  const wasIn = useRef(false);
  wasIn.current ||= isKnown;

  useEffect(() => {
    if (!isKnown) return;
    const { unreadFrom } = app.preferences.value;
    conversation.open(number, unreadFrom[room]);
    if (room in unreadFrom) {
      const { [room]: _, ...others } = unreadFrom;
      app.preferences.set({ unreadFrom: others });
    }
    return () => conversation.leave();
  }, [conversation, isKnown]);
  useEffect(() => {
    // A person's card above the conversation moves nothing, neither when it comes nor when it goes.
    if (route.type !== 'room' || route === shown.current) return;
    shown.current = route;
    if (isKnown && number !== undefined) conversation.jumpTo(number);
  }, [route]);

  const messages = conversation.messages.value;
  const newFrom = conversation.newFrom.value;
  const first = conversation.first.value;
  const day = conversation.dayChoice.value;
  const unsent = useComputed(() => unsentIn(conversation, session)).value;
  const self = session.selfKey.id;
  const rows = useMemo(() => {
    const dayOf = (time: number) => times.dayKey(time);
    return rowsOf(messages, { self, newFrom, first, dayOf, unsent, now: Date.now() });
  }, [messages, self, newFrom, first, unsent, times]);

  if (!isKnown) {
    if (session.rooms.value.value !== undefined) return <NoRoom conversation={conversation} wasIn={wasIn.current} />;
    return (
      <main class="conversation">
        <p class="empty">{texts.conversation.loading}</p>
      </main>
    );
  }
  return (
    <DropZone onFiles={(files, most) => composer.attach(files, most)}>
      <ConversationHeader conversation={conversation} />
      <Notice conversation={conversation} />
      <MessageList
        conversation={conversation}
        composer={composer}
        rows={rows}
        target={conversation.target.value}
        isWatched={app.attention.isWatching.value}
        today={today}
        label={texts.conversation.messages(conversation.entry?.name ?? '')}
      />
      <div class="strip">
        <TypingLine room={room} />
        <ConnectionBar />
      </div>
      <NewMessageVoice conversation={conversation} />
      <Composer conversation={conversation} composer={composer} />
      <MessageDialog conversation={conversation} />
      {day !== null && <JumpToDate conversation={conversation} day={day} />}
    </DropZone>
  );
}
