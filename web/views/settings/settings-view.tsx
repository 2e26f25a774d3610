import { useApp, useLanguage } from '../common/context.ts';
import { IconButton } from '../common/icon-button.tsx';
import { AccountSection } from './account-section.tsx';
import { AppearanceSection } from './appearance-section.tsx';
import { NotificationSection } from './notification-section.tsx';
import { ProfileSection } from './profile-section.tsx';

/** Where one says who one is, and how the page is to be. */
export function SettingsView() {
  const app = useApp();
  const { texts } = useLanguage();
  return (
    <main class="settings">
      <header class="conversation-header">
        <IconButton
          class="only-small"
          icon="back"
          label={texts.settings.back}
          onClick={() => app.router.go({ type: 'home' })}
        />
        <h1>{texts.settings.title}</h1>
      </header>
      <div class="settings-page">
        <ProfileSection />
        <AccountSection />
        <AppearanceSection />
        <NotificationSection />
      </div>
    </main>
  );
}
