import { useState } from 'preact/hooks';
import { useApp, useLanguage, useSession } from '../common/context.ts';
import { Dialog } from '../common/dialog.tsx';
import { Problem } from '../common/problem.tsx';
import { useSubmit } from '../common/use-submit.ts';
import { OwnName } from './own-name.tsx';
import { PasswordField } from './password-field.tsx';

type Props = { readonly onClose: () => void; readonly onChanged: () => void };

/** Where one changes the password. */
export function PasswordDialog({ onClose, onChanged }: Props) {
  const app = useApp();
  const { name } = useSession();
  const { texts } = useLanguage();
  const [old, setOld] = useState('');
  const [password, setPassword] = useState('');
  const { onSubmit, problem, isBusy } = useSubmit(async () => {
    await app.setPassword(old, password);
    onChanged();
    onClose();
  });
  return (
    <Dialog title={texts.account.changePassword} onClose={onClose}>
      <form class="form" onSubmit={onSubmit}>
        <p>{texts.account.changePasswordHint}</p>
        <OwnName name={name} />
        <PasswordField label={texts.account.currentPassword} value={old} onInput={setOld} kind="current" autofocus />
        <PasswordField label={texts.account.newPassword} value={password} onInput={setPassword} kind="new" />
        <Problem text={problem} />
        <footer>
          <button type="button" onClick={onClose}>
            {texts.account.cancel}
          </button>
          <button type="submit" class="strong" disabled={isBusy}>
            {texts.account.changePassword}
          </button>
        </footer>
      </form>
    </Dialog>
  );
}
