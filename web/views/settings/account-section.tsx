import { useState } from 'preact/hooks';
import { BecomeAccountDialog } from '../account/become-account-dialog.tsx';
import { DeleteAccountDialog } from '../account/delete-account-dialog.tsx';
import { PasswordDialog } from '../account/password-dialog.tsx';
import { useApp, useLanguage, useSession } from '../common/context.ts';

type Shown = 'become' | 'password' | 'delete' | null;

/** What one does with the account. */
export function AccountSection() {
  const { facts } = useApp();
  const { self } = useSession();
  const { texts } = useLanguage();
  const [shown, setShown] = useState<Shown>(null);
  const [isChanged, setChanged] = useState(false);
  const close = () => setShown(null);
  const { value } = self.value;
  if (value === undefined) return null;
  if (value.guest) {
    return (
      <section>
        <h2>{texts.settings.account}</h2>
        <p dir="auto">{texts.settings.guestName(value.username)}</p>
        {facts.registration === 'open' ? (
          <p class="choices">
            <button type="button" class="strong" onClick={() => setShown('become')}>
              {texts.account.become}
            </button>
          </p>
        ) : (
          <p class="hint">{texts.entrance.closed}</p>
        )}
        {shown === 'become' && <BecomeAccountDialog onClose={close} />}
      </section>
    );
  }
  return (
    <section>
      <h2>{texts.settings.account}</h2>
      <p dir="auto">{texts.settings.accountName(value.username)}</p>
      <p class="choices">
        <button type="button" onClick={() => setShown('password')}>
          {texts.account.changePassword}
        </button>
        <button type="button" class="danger" onClick={() => setShown('delete')}>
          {texts.account.delete}
        </button>
        <span role="status">{isChanged && texts.account.passwordChanged}</span>
      </p>
      {shown === 'password' && <PasswordDialog onClose={close} onChanged={() => setChanged(true)} />}
      {shown === 'delete' && <DeleteAccountDialog onClose={close} />}
    </section>
  );
}
