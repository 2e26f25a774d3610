import { useState } from 'preact/hooks';
import { notificationPermission } from '../../state/notices/notifications.ts';
import type { Choices } from '../../state/preferences.ts';
import { useApp, useLanguage } from '../common/context.ts';
import { SelectField } from './select-field.tsx';

/** Of what the browser tells. It is asked for its permission only when the person switches that on. */
export function NotificationSection() {
  const { preferences } = useApp();
  const { texts } = useLanguage();
  const words = texts.settings;
  const [permission, setPermission] = useState(notificationPermission);
  const choose = async (chosen: Choices['notifications']) => {
    if (chosen !== 'off' && permission === 'ask') {
      await Notification.requestPermission();
      const answer = notificationPermission();
      setPermission(answer);
      if (answer !== 'granted') return;
    }
    preferences.set({ notifications: chosen });
  };
  const isPossible = permission === 'granted' || permission === 'ask';
  const reason = {
    granted: null,
    ask: null,
    denied: words.notifyDenied,
    insecure: words.notifyInsecure,
    missing: words.notifyMissing,
  };
  return (
    <section>
      <h2>{words.notifications}</h2>
      <SelectField
        // Another key makes the element anew, so that it shows what was not taken.
        key={permission}
        label={words.notify}
        value={permission === 'granted' ? preferences.value.notifications : 'off'}
        options={words.notifyWhat}
        disabled={!isPossible}
        onChange={(chosen) => void choose(chosen)}
        hint={reason[permission] ?? words.notifyHint}
      />
    </section>
  );
}
