import { useState } from 'preact/hooks';
import { useApp, useLanguage, useSession } from '../common/context.ts';
import { Dialog } from '../common/dialog.tsx';
import { Problem } from '../common/problem.tsx';
import { TextField } from '../common/text-field.tsx';
import { useSubmit } from '../common/use-submit.ts';
import { PasswordField } from './password-field.tsx';

/** Where a guest becomes an account. */
export function BecomeAccountDialog({ onClose }: { readonly onClose: () => void }) {
  const app = useApp();
  const { name } = useSession();
  const { texts } = useLanguage();
  const [password, setPassword] = useState('');
  const { onSubmit, problem, isBusy } = useSubmit(async () => {
    await app.becomeAccount(password);
    onClose();
  });
  return (
    <Dialog title={texts.account.becomeTitle} onClose={onClose}>
      <form class="form" onSubmit={onSubmit}>
        <p>{texts.account.becomeHint}</p>
        <TextField
          label={texts.account.name}
          value={name}
          onInput={() => {}}
          name="username"
          autocomplete="username"
          readOnly
        />
        <PasswordField label={texts.account.password} value={password} onInput={setPassword} kind="new" autofocus />
        <Problem text={problem} />
        <footer>
          <button type="button" onClick={onClose}>
            {texts.account.cancel}
          </button>
          <button type="submit" class="strong" disabled={isBusy}>
            {texts.account.become}
          </button>
        </footer>
      </form>
    </Dialog>
  );
}
