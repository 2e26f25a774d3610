import { useState } from 'preact/hooks';
import { useLanguage, useSession } from '../common/context.ts';
import { Dialog } from '../common/dialog.tsx';
import { Problem } from '../common/problem.tsx';
import { TextField } from '../common/text-field.tsx';
import { useSubmit } from '../common/use-submit.ts';

/** Where one says what one does. */
export function StatusDialog({ onClose }: { readonly onClose: () => void }) {
  const session = useSession();
  const { texts } = useLanguage();
  const [status, setStatus] = useState(session.self.value.peek()?.status ?? '');
  const { onSubmit, problem, isBusy } = useSubmit(async () => {
    await session.client.patch(session.selfKey, { status: status.trim() === '' ? null : status.trim() });
    onClose();
  });
  return (
    <Dialog title={texts.account.status} onClose={onClose}>
      <form class="form" onSubmit={onSubmit}>
        <TextField
          label={texts.account.status}
          value={status}
          onInput={setStatus}
          maxLength={64}
          hint={texts.account.statusHint}
          autofocus
        />
        <Problem text={problem} />
        <footer>
          <button type="button" onClick={() => setStatus('')} disabled={status === ''}>
            {texts.account.clearStatus}
          </button>
          <button type="submit" class="strong" disabled={isBusy}>
            {texts.account.save}
          </button>
        </footer>
      </form>
    </Dialog>
  );
}
