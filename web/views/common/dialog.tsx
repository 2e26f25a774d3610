import type { ComponentChildren } from 'preact';
import { useEffect, useId, useRef } from 'preact/hooks';
import { useLanguage } from './context.ts';
import { IconButton } from './icon-button.tsx';

type Props = {
  readonly title: string;
  readonly onClose: () => void;
  readonly children: ComponentChildren;
  readonly class?: string;
};

/** A window above the page. Escape and a press beside it close it, and the focus goes back to where it was. */
export function Dialog({ title, onClose, children, class: extra = '' }: Props) {
  const { texts } = useLanguage();
  const dialog = useRef<HTMLDialogElement>(null);
  const heading = useId();
  useEffect(() => {
    const before = document.activeElement;
    const { current } = dialog;
    current?.showModal();
    current?.querySelector<HTMLElement>('input:not([readonly]), textarea, select, [autofocus]')?.focus();
    return () => {
      current?.close();
      if (before instanceof HTMLElement && before.isConnected) before.focus();
    };
  }, []);
  return (
    <dialog
      ref={dialog}
      class={extra}
      aria-labelledby={heading}
      onCancel={(event) => {
        event.preventDefault();
        onClose();
      }}
      onPointerDown={(event) => {
        if (event.target === dialog.current) onClose();
      }}
    >
      {/* In a section the header and the footer are no landmarks of the page. */}
      <section class="dialog">
        <header>
          <h2 id={heading}>{title}</h2>
          <IconButton icon="close" label={texts.menu.close} onClick={onClose} />
        </header>
        {children}
      </section>
    </dialog>
  );
}
