import type { FunctionComponent } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { useLanguage } from '../common/context.ts';
import type { EmojiPickerProps } from './emoji-picker.tsx';
import { IconButton } from '../common/icon-button.tsx';

/** Opens the list of emoji, which is loaded by the first use. */
export function EmojiButton({ onEmoji }: { readonly onEmoji: (emoji: string) => void }) {
  const { texts } = useLanguage();
  const frame = useRef<HTMLSpanElement>(null);
  const [isOpen, setOpen] = useState(false);
  const [Picker, setPicker] = useState<FunctionComponent<EmojiPickerProps> | null>(null);
  useEffect(() => {
    if (!isOpen) return;
    const pressed = ({ target }: Event) => {
      if (!frame.current?.contains(target as Node)) setOpen(false);
    };
    document.addEventListener('pointerdown', pressed);
    return () => document.removeEventListener('pointerdown', pressed);
  }, [isOpen]);
  const toggle = () => {
    setOpen(!isOpen);
    if (Picker === null) void import('./emoji-picker.tsx').then((loaded) => setPicker(() => loaded.EmojiPicker));
  };
  const close = () => {
    setOpen(false);
    frame.current?.querySelector('button')?.focus();
  };
  return (
    <span class="emoji" ref={frame}>
      <IconButton icon="emoji" label={texts.composer.emoji} isExpanded={isOpen} onClick={toggle} />
      {isOpen && Picker !== null && (
        <Picker
          onClose={close}
          onPick={(emoji) => {
            setOpen(false);
            onEmoji(emoji);
          }}
        />
      )}
    </span>
  );
}
