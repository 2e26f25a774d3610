import { useState } from 'preact/hooks';
import { useApp, useLanguage, useSession } from '../common/context.ts';
import { Dialog } from '../common/dialog.tsx';
import { Problem } from '../common/problem.tsx';
import { useSubmit } from '../common/use-submit.ts';
import { OwnName } from './own-name.tsx';
import { PasswordField } from './password-field.tsx';

/** Where one deletes the account. */
export function DeleteAccountDialog({ onClose }: { readonly onClose: () => void }) {
  const app = useApp();
  const { name } = useSession();
  const { texts } = useLanguage();
  const [password, setPassword] = useState('');
  const { onSubmit, problem, isBusy } = useSubmit(() => app.deleteAccount(password));
  return (
    <Dialog title={texts.account.deleteTitle} onClose={onClose}>
      <form class="form" onSubmit={onSubmit}>
        <p>{texts.account.deleteHint}</p>
        <OwnName name={name} />
        <PasswordField label={texts.account.password} value={password} onInput={setPassword} kind="current" autofocus />
        <Problem text={problem} />
        <footer>
          <button type="button" onClick={onClose}>
            {texts.account.cancel}
          </button>
          <button type="submit" class="danger" disabled={isBusy}>
            {texts.account.delete}
          </button>
        </footer>
      </form>
    </Dialog>
  );
}
