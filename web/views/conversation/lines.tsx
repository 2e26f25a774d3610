import type { Conversation } from '../../state/conversation.ts';
import { useLanguage } from '../common/context.ts';
import type { Today } from '../common/use-today.ts';

type Props = { readonly time: number; readonly today: Today; readonly conversation: Conversation };

/** The line above the first message of a day. A press asks for another day to go to. */
export function DayLine({ time, today: { today, yesterday, now }, conversation }: Props) {
  const { texts, times } = useLanguage();
  const key = times.dayKey(time);
  const name = key === today ? texts.conversation.today : key === yesterday ? texts.conversation.yesterday : null;
  return (
    <li class="line is-day">
      <h3>
        <button
          type="button"
          title={texts.find.toDate}
          onClick={() => {
            conversation.dayChoice.value = key;
          }}
        >
          <time dateTime={key}>{name ?? times.day(time, now)}</time>
        </button>
      </h3>
    </li>
  );
}

/** The line above the first unread message. */
export function NewLine() {
  const { texts } = useLanguage();
  return (
    <li class="line is-new">
      <span>{texts.conversation.newMessages}</span>
    </li>
  );
}
