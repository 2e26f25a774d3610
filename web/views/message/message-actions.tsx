import type { ReadonlySignal } from '@preact/signals';
import { useComputed } from '@preact/signals';
import { useLayoutEffect, useRef, useState } from 'preact/hooks';
import type { MessageEntry } from '../../../src/protocols/documents/client.ts';
import { formatRoute } from '../../model/route.ts';
import type { ComposerState } from '../../state/writing/composer-state.ts';
import type { Conversation } from '../../state/conversation.ts';
import { useApp, useLanguage } from '../common/context.ts';
import { copyText } from '../common/copy-text.ts';
import { IconButton } from '../common/icon-button.tsx';
import { Menu, type MenuItem } from '../common/menu.tsx';

type Props = {
  readonly message: Exclude<MessageEntry, { readonly deleted: true }>;
  readonly conversation: Conversation;
  readonly composer: ComposerState;
};

/** What can be done with a message, while the pointer or the focus is on it. */
export function ActiveActions({ active, ...props }: Props & { readonly active: ReadonlySignal<number | null> }) {
  const isActive = useComputed(() => active.value === props.message.key.id[1]);
  return isActive.value ? <MessageActions {...props} /> : null;
}

function MessageActions({ message, conversation, composer }: Props) {
  const app = useApp();
  const { texts } = useLanguage();
  const frame = useRef<HTMLSpanElement>(null);
  const [isLow, setLow] = useState(false);
  const number = message.key.id[1];
  const room = conversation.key.id;
  const isOwn = conversation.isOwn(message);
  const ask = (type: 'delete' | 'details') => {
    conversation.dialog.value = { type, message };
  };
  const markUnread = () => {
    app.preferences.set({ unreadFrom: { ...app.preferences.value.unreadFrom, [room]: number } });
    conversation.markNew(number); // WEB-54
  };
  const items: MenuItem[] = [
    { icon: 'copy', label: texts.message.copyText, onChoose: () => copyText(message.text) },
    { icon: 'link', label: texts.message.copyLink, onChoose: () => copyText(linkTo(room, number)) },
    { icon: 'bell', label: texts.message.markUnread, onChoose: markUnread },
    { icon: 'details', label: texts.message.details, onChoose: () => ask('details') },
    ...(isOwn || conversation.isModerator.value
      ? [{ icon: 'delete', label: texts.message.delete, onChoose: () => ask('delete') } as const]
      : []),
  ];
  useLayoutEffect(() => {
    const scroller = frame.current?.closest('.scroller')?.getBoundingClientRect();
    const top = frame.current?.getBoundingClientRect().top ?? 0;
    if (scroller !== undefined) setLow(top > scroller.top + scroller.height / 2);
  }, []);
  return (
    <span class={isLow ? 'actions is-low' : 'actions'} ref={frame}>
      <IconButton icon="reply" label={texts.message.reply} onClick={() => composer.reply(number)} />
      {isOwn && <IconButton icon="edit" label={texts.message.edit} onClick={() => composer.edit(message)} />}
      <Menu icon="more" label={texts.message.more} items={items} />
    </span>
  );
}

function linkTo(room: number, number: number): string {
  return `${location.origin}${location.pathname}${formatRoute({ type: 'room', room, number })}`;
}
