import type { ReadonlySignal } from '@preact/signals';
import { Component } from 'preact';
import type { MessageEntry } from '../../../src/protocols/documents/client.ts';
import type { ComposerState } from '../../state/writing/composer-state.ts';
import type { Conversation } from '../../state/conversation.ts';
import { ActiveActions } from './message-actions.tsx';
import { MessageView } from './message-view.tsx';

type Props = {
  readonly message: MessageEntry;
  readonly isFirst: boolean;
  /** Whether the Tab key leads to it. */
  readonly isTabStop: boolean;
  /** Somebody jumped to it. */
  readonly isTarget: boolean;
  /** The message that the pointer or the focus is on, so that what can be done with it is shown. */
  readonly active: ReadonlySignal<number | null>;
  readonly conversation: Conversation;
  readonly composer: ComposerState;
  readonly onActivate: (number: number | null) => void;
  readonly onFocused: (number: number, isByKeyboard: boolean) => void;
};

/** A message in the list; drawn again only if something about it has changed. */
export class MessageRow extends Component<Props> {
  override shouldComponentUpdate(next: Props): boolean {
    const now = this.props;
    return (
      next.message !== now.message ||
      next.isFirst !== now.isFirst ||
      next.isTabStop !== now.isTabStop ||
      next.isTarget !== now.isTarget
    );
  }

  override render({
    message,
    isFirst,
    isTabStop,
    isTarget,
    active,
    conversation,
    composer,
    onActivate,
    onFocused,
  }: Props) {
    const number = message.key.id[1];
    return (
      <li
        class="message"
        data-number={number}
        data-first={isFirst}
        data-target={isTarget}
        aria-labelledby={`sender-${number} text-${number} time-${number}`}
        tabIndex={isTabStop ? 0 : -1}
        onPointerEnter={({ pointerType }) => pointerType === 'mouse' && onActivate(number)}
        onAnimationEnd={({ animationName }) => animationName === 'stand-out' && conversation.stoodOut(number)}
        // Later the answer may be another one: a key makes what the pointer has focused look focused too.
        onFocusCapture={({ currentTarget }) =>
          onFocused(number, currentTarget.matches(':focus-visible, :has(:focus-visible)'))
        }
        onClick={(event) => {
          // A tap shows what can be done with the message, another one hides it.
          const isOnText = (event.target as Element).closest('a, button') === null;
          if ((event as MouseEvent & { readonly pointerType?: string }).pointerType !== 'mouse' && isOnText)
            onActivate(active.peek() === number ? null : number);
        }}
      >
        <MessageView message={message} isFirst={isFirst} conversation={conversation} />
        {!('deleted' in message) && (
          <ActiveActions message={message} active={active} conversation={conversation} composer={composer} />
        )}
      </li>
    );
  }
}
