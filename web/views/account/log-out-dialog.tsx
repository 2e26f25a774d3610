import { useApp, useLanguage, useSession } from '../common/context.ts';
import { Dialog } from '../common/dialog.tsx';

type Props = { readonly isGuest: boolean; readonly onClose: () => void; readonly onBecomeAccount: () => void };

/** Asks before a person logs out who would lose something by it. */
export function LogOutDialog({ isGuest, onClose, onBecomeAccount }: Props) {
  const app = useApp();
  const { texts } = useLanguage();
  const { outbox } = useSession();
  // Read again with each change of the outbox of this tab; the count is over all tabs.
  const unsent = Math.max(app.unsent, outbox.value.length);
  return (
    <Dialog title={texts.account.logOutTitle} onClose={onClose}>
      {unsent > 0 && <p>{texts.account.logOutUnsent(unsent)}</p>}
      {isGuest && <p>{texts.account.logOutGuest}</p>}
      <footer>
        {isGuest && (
          <button type="button" onClick={onBecomeAccount}>
            {texts.account.become}
          </button>
        )}
        <button type="button" onClick={onClose}>
          {texts.account.stay}
        </button>
        <button type="button" class="strong" onClick={() => void app.logOut()}>
          {texts.account.logOut}
        </button>
      </footer>
    </Dialog>
  );
}
