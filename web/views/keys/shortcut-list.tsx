import { SHORTCUTS } from '../../model/shortcuts.ts';
import { useApp, useLanguage } from '../common/context.ts';
import { Dialog } from '../common/dialog.tsx';

/** All keys and what they do. */
export function ShortcutList() {
  const app = useApp();
  const { texts } = useLanguage();
  const { find } = texts;
  const isApple = /mac|iphone|ipad/i.test(navigator.platform);
  const names: { readonly [key: string]: string } = {
    control: isApple ? find.command : find.control,
    alt: isApple ? find.option : find.alt,
    shift: find.shift,
    Escape: find.escape,
    Enter: find.enter,
    ArrowUp: '↑',
    ArrowDown: '↓',
    k: 'K',
  };
  const isEnter = app.preferences.value.sendKey === 'enter';
  const writing = [
    { name: 'send', key: 'Enter', held: isEnter ? [] : ['control'] },
    { name: 'break', key: 'Enter', held: isEnter ? ['shift'] : [] },
    { name: 'editLast', key: 'ArrowUp', held: [] },
    { name: 'cancel', key: 'Escape', held: [] },
  ] as const;
  const rows = (
    keys: readonly { readonly name: keyof typeof find.keys; readonly key: string; readonly held: readonly string[] }[],
  ) => (
    <dl class="keys">
      {keys.map(({ name, key, held }) => (
        <div key={name}>
          <dt>{find.keys[name]}</dt>
          <dd>
            {[...held, key].map((one) => (
              <kbd key={one}>{names[one] ?? one}</kbd>
            ))}
          </dd>
        </div>
      ))}
    </dl>
  );
  return (
    <Dialog
      title={find.keysTitle}
      onClose={() => {
        app.shortcuts.dialog.value = null;
      }}
    >
      <h3>{find.keysEverywhere}</h3>
      {rows(SHORTCUTS) /* WEB-153 */}
      <h3>{find.keysWriting}</h3>
      {rows(writing)}
    </Dialog>
  );
}
