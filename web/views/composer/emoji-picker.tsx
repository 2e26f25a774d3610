import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import { findEmoji } from '../../model/emoji.ts';
import { useLanguage } from '../common/context.ts';

export type EmojiPickerProps = { readonly onPick: (emoji: string) => void; readonly onClose: () => void };

const COLUMNS = 8;

/** A list of emoji to pick one from. Arrow keys move in it, what one types searches by name. */
export function EmojiPicker({ onPick, onClose }: EmojiPickerProps) {
  const { texts } = useLanguage();
  const field = useRef<HTMLInputElement>(null);
  const list = useRef<HTMLDivElement>(null);
  const [query, setQuery] = useState('');
  const found = useMemo(() => findEmoji(query), [query]);
  useEffect(() => field.current?.focus(), []);

  const pressed = (event: KeyboardEvent) => {
    const buttons = [...(list.current?.querySelectorAll('button') ?? [])];
    const at = buttons.indexOf(event.target as HTMLButtonElement);
    const isInField = event.target === field.current;
    const next = isInField
      ? { ArrowDown: 0 }[event.key]
      : {
          ArrowDown: at + COLUMNS,
          ArrowUp: at - COLUMNS,
          ArrowRight: at + 1,
          ArrowLeft: at - 1,
          Home: 0,
          End: buttons.length - 1,
        }[event.key];
    const [first] = found;
    if (event.key === 'Escape') onClose();
    else if (event.key === 'Enter' && isInField && !event.isComposing && first !== undefined) onPick(first.emoji);
    else if (next !== undefined && next < 0) field.current?.focus();
    else if (next !== undefined) buttons[Math.min(next, buttons.length - 1)]?.focus();
    else return;
    event.preventDefault();
    event.stopPropagation();
  };

  return (
    <div class="emoji-picker" role="dialog" aria-label={texts.composer.emoji} onKeyDown={pressed}>
      <input
        ref={field}
        type="search"
        value={query}
        aria-label={texts.composer.findEmoji}
        placeholder={texts.composer.findEmoji}
        onInput={({ currentTarget }) => setQuery(currentTarget.value)}
      />
      <div class="emoji-list" ref={list}>
        {found.map(({ emoji, names }) => {
          const name = names[texts.language === 'de' ? 1 : 0] ?? emoji;
          return (
            <button
              type="button"
              key={emoji}
              tabIndex={-1}
              aria-label={name}
              title={name}
              onClick={() => onPick(emoji)}
            >
              {emoji}
            </button>
          );
        })}
      </div>
      {found.length === 0 && <p class="hint">{texts.composer.noEmoji}</p>}
    </div>
  );
}
