import { Component } from 'preact';
import type { MessageEntry } from '../../../src/protocols/documents/client.ts';
import type { ComposerState } from '../../state/composer-state.ts';
import type { Conversation } from '../../state/conversation.ts';
import { MessageView } from './message-view.tsx';

type Props = {
  readonly message: MessageEntry;
  readonly isFirst: boolean;
  /** The pointer or the focus is on it, so that what can be done with it is shown. */
  readonly isActive: boolean;
  /** Somebody jumped to it. */
  readonly isTarget: boolean;
  readonly conversation: Conversation;
  readonly composer: ComposerState;
  readonly onActivate: (number: number) => void;
};

/** A message in the list; drawn again only if something about it has changed. */
export class MessageRow extends Component<Props> {
  override shouldComponentUpdate(next: Props): boolean {
    const now = this.props;
    return (
      next.message !== now.message ||
      next.isFirst !== now.isFirst ||
      next.isActive !== now.isActive ||
      next.isTarget !== now.isTarget
    );
  }

  override render({ message, isFirst, isActive, isTarget, conversation, composer, onActivate }: Props) {
    const number = message.key.id[1];
    const activate = () => onActivate(number);
    return (
      <li
        class="message"
        data-number={number}
        data-first={isFirst}
        data-target={isTarget}
        tabIndex={-1}
        onPointerEnter={activate}
        onFocusCapture={activate}
        onAnimationEnd={({ animationName }) => animationName === 'stand-out' && conversation.stoodOut(number)}
      >
        <MessageView
          message={message}
          isFirst={isFirst}
          isActive={isActive}
          conversation={conversation}
          composer={composer}
        />
      </li>
    );
  }
}
