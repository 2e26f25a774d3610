import { useId, useState } from 'preact/hooks';
import type { Conversation } from '../../state/conversation.ts';
import { failureText } from '../../state/failure-text.ts';
import { firstMessageSince } from '../../state/find/day-search.ts';
import { useApp, useLanguage, useSession } from '../common/context.ts';
import { Problem } from '../common/problem.tsx';
import { Dialog } from '../common/dialog.tsx';

type Props = { readonly conversation: Conversation; readonly day: string };

/** Asks for a day, and opens the room at its first message. */
export function JumpToDate({ conversation, day: firstDay }: Props) {
  const app = useApp();
  const { client } = useSession();
  const { texts, times } = useLanguage();
  const field = useId();
  const [day, setDay] = useState(firstDay);
  const [today] = useState(() => times.dayKey(Date.now()));
  const [isBusy, setBusy] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);
  const close = () => {
    conversation.dayChoice.value = null;
  };
  const go = async () => {
    const start = new Date(`${day}T00:00`).getTime();
    if (Number.isNaN(start)) return;
    setBusy(true);
    setProblem(null);
    try {
      const found = await firstMessageSince(client, conversation.key, start);
      // Meanwhile the reader may have closed the dialog or the room.
      if (conversation.dayChoice.peek() === null) return;
      if (found === null) setProblem(texts.find.noneSince);
      else {
        close();
        const { number } = found;
        if (times.dayKey(found.time) !== day) conversation.notice.value = { type: 'no-such-day', number };
        app.router.go({ type: 'room', room: conversation.key.id, number }); // WEB-142
      }
    } catch (error) {
      setProblem(failureText(error, texts));
    }
    setBusy(false);
  };
  return (
    <Dialog title={texts.find.toDate} onClose={close}>
      <form
        class="jump-to-date"
        onSubmit={(event) => {
          event.preventDefault();
          void go();
        }}
      >
        <p class="field">
          <label for={field}>{texts.find.date}</label>
          <input
            id={field}
            type="date"
            required
            value={day}
            max={today}
            onInput={({ currentTarget }) => setDay(currentTarget.value)}
          />
        </p>
        <Problem text={problem} />
        <footer>
          <button type="submit" class="strong" disabled={isBusy}>
            {isBusy ? texts.find.looking : texts.find.go}
          </button>
        </footer>
      </form>
    </Dialog>
  );
}
