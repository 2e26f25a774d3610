import type { ComponentChildren } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { Icon, type IconName } from './icon.tsx';
import { IconButton } from './icon-button.tsx';

/** One thing that can be chosen. */
export type MenuItem = {
  readonly icon: IconName;
  readonly label: string;
  readonly onChoose: () => void;
  /** For one of several of which one is chosen. */
  readonly isChosen?: boolean;
  /** For the style sheet. */
  readonly kind?: string;
};

type Props = {
  readonly icon: IconName;
  readonly label: string;
  readonly items: readonly MenuItem[];
  readonly class?: string;
  /** What the button shows in place of the icon. */
  readonly children?: ComponentChildren;
};

/** A button that opens a list of things to do. Arrow keys move in it, Escape closes it. */
export function Menu({ icon, label, items, class: extra = '', children }: Props) {
  const [isOpen, setOpen] = useState(false);
  const frame = useRef<HTMLSpanElement>(null);
  const list = useRef<HTMLDivElement>(null);
  const close = (isFocusBack: boolean) => {
    setOpen(false);
    if (isFocusBack) frame.current?.querySelector<HTMLElement>('button')?.focus();
  };
  useEffect(() => {
    if (!isOpen) return;
    list.current?.querySelector<HTMLElement>('button')?.focus();
    const pressed = ({ target }: Event) => {
      if (!frame.current?.contains(target as Node)) close(false);
    };
    document.addEventListener('pointerdown', pressed);
    return () => document.removeEventListener('pointerdown', pressed);
  }, [isOpen]);
  const keyPressed = (event: KeyboardEvent) => {
    if (!isOpen) return;
    const buttons = [...(list.current?.querySelectorAll<HTMLElement>('button') ?? [])];
    const at = buttons.indexOf(document.activeElement as HTMLElement);
    const next = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: buttons.length - 1 }[event.key];
    if (event.key === 'Escape') close(true);
    else if (event.key === 'Tab') close(false);
    else if (next !== undefined) buttons[(next + buttons.length) % buttons.length]?.focus();
    if (event.key === 'Escape' || next !== undefined) {
      event.preventDefault();
      event.stopPropagation();
    }
  };
  return (
    <span class={`menu ${extra}`} role="presentation" ref={frame} onKeyDown={keyPressed}>
      {children === undefined ? (
        <IconButton icon={icon} label={label} isExpanded={isOpen} onClick={() => setOpen(!isOpen)} />
      ) : (
        <button
          type="button"
          aria-haspopup="menu"
          aria-expanded={isOpen}
          title={label}
          onClick={() => setOpen(!isOpen)}
        >
          {children}
        </button>
      )}
      {isOpen && (
        <div class="menu-list" role="menu" aria-label={label} ref={list}>
          {items.map((item) => (
            <button
              type="button"
              role={item.isChosen === undefined ? 'menuitem' : 'menuitemradio'}
              aria-checked={item.isChosen}
              data-kind={item.kind}
              key={item.label}
              onClick={() => {
                close(true);
                item.onChoose();
              }}
            >
              <Icon name={item.icon} />
              {item.label}
              {item.isChosen === true && <Icon name="check" />}
            </button>
          ))}
        </div>
      )}
    </span>
  );
}
