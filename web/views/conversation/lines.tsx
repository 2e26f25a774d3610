import { useLanguage } from '../common/context.ts';
import { useToday } from '../common/use-today.ts';

/** The line above the first message of a day. */
export function DayLine({ time }: { readonly time: number }) {
  const { texts, times } = useLanguage();
  const { today, yesterday, now } = useToday(times);
  const key = times.dayKey(time);
  const name = key === today ? texts.conversation.today : key === yesterday ? texts.conversation.yesterday : null;
  return (
    <li class="line is-day">
      <h3>
        <time dateTime={key}>{name ?? times.day(time, now)}</time>
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
