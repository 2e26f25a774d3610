import { useState } from 'preact/hooks';
import type { User } from '../../../src/protocols/documents/client.ts';
import { failureText } from '../../state/failure-text.ts';
import { Avatar } from '../common/avatar.tsx';
import { useApp, useConnection, useLanguage, useSession } from '../common/context.ts';
import { IconButton } from '../common/icon-button.tsx';
import { Menu, type MenuItem } from '../common/menu.tsx';
import { Problem } from '../common/problem.tsx';
import { offlineWords } from './connection-words.ts';
import { BecomeAccountDialog } from './become-account-dialog.tsx';
import { LogOutDialog } from './log-out-dialog.tsx';
import { StatusDialog } from './status-dialog.tsx';

type Shown = 'become-account' | 'log-out' | 'status' | null;

/** How one's own presence is called; one who is seen as gone and reads this is invisible. */
const PRESENCES = { online: 'online', away: 'away', busy: 'busy', offline: 'invisible' } as const;

/** Who one is, and what one does with oneself. */
export function SelfFooter() {
  const app = useApp();
  const session = useSession();
  const { texts } = useLanguage();
  const isOffline = offlineWords(useConnection().status.value, texts) !== null;
  const [shown, setShown] = useState<Shown>(null);
  const [problem, setProblem] = useState<string | null>(null);
  const self = session.self.value.value;
  const isGuest = self?.guest === true;
  const close = () => setShown(null);
  const setPresence = async (presence: User['presence']) => {
    try {
      setProblem(null);
      await session.client.patch(session.selfKey, { presence });
    } catch (error) {
      setProblem(failureText(error, texts));
    }
  };
  const logOut = () => {
    if (isGuest || app.unsent > 0) setShown('log-out');
    else void app.logOut();
  };
  const presences = Object.entries(PRESENCES) as [User['presence'], (typeof PRESENCES)[User['presence']]][];
  const items: readonly MenuItem[] = [
    ...presences.map(([presence, name]) => ({
      icon: 'dot' as const,
      label: texts.account[name],
      isChosen: self?.presence === presence,
      kind: presence,
      onChoose: () => void setPresence(presence),
    })),
    { icon: 'edit', label: texts.account.setStatus, onChoose: () => setShown('status') },
    { icon: 'settings', label: texts.account.settings, onChoose: () => app.router.go({ type: 'settings' }) },
    { icon: 'exit', label: texts.account.logOut, onChoose: logOut },
  ];
  return (
    <footer>
      <Problem text={problem} />
      {isGuest && app.facts.registration === 'open' && (
        <p class="guest-offer">
          <span>{texts.account.guest}</span>
          <button type="button" class="link" onClick={() => setShown('become-account')}>
            {texts.account.keepName}
          </button>
        </p>
      )}
      <div class="self-row">
        <Menu icon="person" label={texts.account.menu} items={items} class="self-menu is-upward">
          <Avatar picture={self?.picture} {...(self && { presence: self.presence })} />
          <span class="self-words">
            <bdi class="name">{self?.display_name ?? session.name}</bdi>
            {self !== undefined && (
              <span class="hint" dir="auto" data-offline={isOffline}>
                {isOffline ? texts.connection.notConnected : (self.status ?? texts.account[PRESENCES[self.presence]])}
              </span>
            )}
          </span>
        </Menu>
        <IconButton
          icon="keys"
          label={texts.find.keysShow}
          onClick={() => {
            app.shortcuts.dialog.value = 'keys';
          }}
        />
      </div>
      {shown === 'become-account' && <BecomeAccountDialog onClose={close} />}
      {shown === 'status' && <StatusDialog onClose={close} />}
      {shown === 'log-out' && (
        <LogOutDialog isGuest={isGuest} onClose={close} onBecomeAccount={() => setShown('become-account')} />
      )}
    </footer>
  );
}
