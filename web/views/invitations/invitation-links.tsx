import { useState } from 'preact/hooks';
import { formatRoute } from '../../model/route.ts';
import { ConfirmDialog } from '../common/confirm-dialog.tsx';
import { useLanguage, useSession } from '../common/context.ts';
import { copyText } from '../common/copy-text.ts';
import { IconButton } from '../common/icon-button.tsx';
import { Problem } from '../common/problem.tsx';
import { TextField } from '../common/text-field.tsx';
import { useSubmit } from '../common/use-submit.ts';
import { SelectField } from '../settings/select-field.tsx';

const DAY_MS = 24 * 60 * 60_000;
const DAYS = { day: 1, week: 7, month: 30 } as const;
type Uses = 'any' | '1' | '10' | '100';

/** Where one makes links that lead into a room, and withdraws them. */
export function InvitationLinks({ room }: { readonly room: number }) {
  const { client } = useSession();
  const { texts, times } = useLanguage();
  const words = texts.invitations;
  const [days, setDays] = useState<keyof typeof DAYS>('week');
  const [uses, setUses] = useState<Uses>('any');
  const [made, setMade] = useState<{ readonly link: string; readonly until: number } | null>(null);
  const [said, setSaid] = useState('');
  const [isWithdrawing, setWithdrawing] = useState(false);
  const key = { type: 'room', id: room } as const;
  const { onSubmit, problem, isBusy } = useSubmit(async () => {
    const terms = { until: Date.now() + DAYS[days] * DAY_MS, ...(uses !== 'any' && { uses: Number(uses) }) };
    const { code, until } = await client.invite(key, terms); // WEB-112
    setMade({ link: `${location.origin}/${formatRoute({ type: 'invitation', code })}`, until });
    setSaid('');
  });
  return (
    <section class="invitation-links">
      <form class="form" onSubmit={onSubmit}>
        <h3>{words.link}</h3>
        <p class="hint">{words.linkHint}</p>
        <div class="pair">
          <SelectField
            label={words.lasts}
            value={days}
            options={{ day: words.day, week: words.week, month: words.month }}
            onChange={setDays}
          />
          <SelectField
            label={words.uses}
            value={uses}
            options={{ any: words.any, '1': words.once, '10': words.times(10), '100': words.times(100) }}
            onChange={setUses}
          />
        </div>
        {made !== null && (
          <TextField
            label={words.address}
            value={made.link}
            onInput={() => {}}
            readOnly
            hint={words.until(times.full(made.until))}
          >
            <IconButton
              icon="copy"
              label={words.copy}
              onClick={() => {
                copyText(made.link);
                setSaid(words.copied);
              }}
            />
          </TextField>
        )}
        <p role="status" class="hint">
          {said}
        </p>
        <Problem text={problem} />
        <footer>
          <button type="button" onClick={() => setWithdrawing(true)}>
            {words.withdraw}
          </button>
          <button type="submit" disabled={isBusy}>
            {words.make}
          </button>
        </footer>
        {isWithdrawing && (
          <ConfirmDialog
            title={words.withdraw}
            question={words.withdrawQuestion}
            action={words.withdraw}
            onConfirm={async () => {
              await client.endInvitations(key); // WEB-114
              setMade(null);
              setSaid(words.withdrawn);
            }}
            onClose={() => setWithdrawing(false)}
          />
        )}
      </form>
    </section>
  );
}
