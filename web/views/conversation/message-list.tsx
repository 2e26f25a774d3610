import { Component, createRef } from 'preact';
import type { OutboxMessage } from '../../../src/protocols/documents/client.ts';
import type { Row } from '../../model/rows.ts';
import type { ComposerState } from '../../state/composer-state.ts';
import type { Conversation, Place } from '../../state/conversation.ts';
import { ListStart } from './list-start.tsx';
import { LatestButton } from './latest-button.tsx';
import { MessageRow } from '../message/message-row.tsx';
import { placeIn, scrollTo } from './scrolling.ts';
import { UnsentRow } from './unsent-row.tsx';
import { DayLine, NewLine } from './lines.tsx';

type Props = {
  readonly conversation: Conversation;
  readonly composer: ComposerState;
  readonly rows: readonly Row[];
  readonly unsent: readonly OutboxMessage[];
  readonly target: Conversation['target']['value'];
};

type State = { readonly active: number | null };

/** More messages are loaded when less than so many heights of the view are left. */
const AHEAD = 1.5;

/**
 * The messages of a conversation. What one reads stays where it is, whatever is loaded, changed or grows above or below it; at the
 * newest message the list stays at its end.
 */
export class MessageList extends Component<Props, State> {
  override state: State = { active: null };
  readonly #scroller = createRef<HTMLDivElement>();
  readonly #content = createRef<HTMLDivElement>();
  readonly #observer = new ResizeObserver(() => this.#restore());
  /** The place that the list shows; another one in the conversation is where the reader wants to go. */
  #shown: Place | null = null;
  #scrollTop = 0;

  override componentDidMount(): void {
    for (const { current } of [this.#scroller, this.#content]) if (current !== null) this.#observer.observe(current);
    this.#restore();
  }

  override componentWillUnmount(): void {
    this.#observer.disconnect();
  }

  override getSnapshotBeforeUpdate(): null {
    const scroller = this.#scroller.current;
    const { conversation } = this.props;
    if (scroller !== null && this.#shown === conversation.place && this.#shown !== 'end') this.#move(placeIn(scroller));
    return null;
  }

  override componentDidUpdate(): void {
    this.#restore();
  }

  #move(place: Place | null): void {
    if (place === null) return;
    const { conversation } = this.props;
    conversation.moved(place);
    this.#shown = conversation.place;
  }

  /** Shows the place of the conversation, as soon as its message is there. */
  #restore(): void {
    const scroller = this.#scroller.current;
    if (scroller === null) return;
    const { place } = this.props.conversation;
    if (scrollTo(scroller, place)) this.#shown = place;
    this.#scrollTop = scroller.scrollTop;
    this.#loadMore(scroller);
    this.#tellSeen();
  }

  readonly #scrolled = (): void => {
    const scroller = this.#scroller.current;
    const { conversation } = this.props;
    // A place that waits for its message is not left by a scroll event.
    if (scroller === null || this.#shown !== conversation.place) return;
    const movedUp = scroller.scrollTop < this.#scrollTop;
    this.#scrollTop = scroller.scrollTop;
    const isAtBottom = scroller.scrollHeight - scroller.scrollTop - scroller.clientHeight < 8;
    if (isAtBottom && conversation.hasEnd.peek()) this.#move('end');
    else if (this.#shown !== 'end' || movedUp) this.#move(placeIn(scroller));
    this.#loadMore(scroller);
    this.#tellSeen();
  };

  #loadMore(scroller: HTMLElement): void {
    const { conversation } = this.props;
    if (this.#shown === null) return;
    const ahead = scroller.clientHeight * AHEAD;
    if (scroller.scrollTop < ahead && !conversation.isAtStart.peek()) conversation.loadOlder();
    else if (scroller.scrollHeight - scroller.scrollTop - scroller.clientHeight < ahead && !conversation.hasEnd.peek())
      conversation.loadNewer();
  }

  #tellSeen(): void {
    const { conversation } = this.props;
    if (conversation.isReading.peek()) conversation.tellSeen();
  }

  readonly #activate = (active: number | null): void => {
    if (active !== this.state.active) this.setState({ active });
  };

  override render({ conversation, composer, rows, unsent, target }: Props, { active }: State) {
    return (
      <div class="messages">
        <div
          class="scroller"
          ref={this.#scroller}
          onScroll={this.#scrolled}
          onPointerLeave={() => this.#activate(null)}
        >
          <div class="content" ref={this.#content}>
            <ListStart conversation={conversation} isEmpty={rows.length === 0} />
            <ol class="list">
              {rows.map((row) => {
                if (row.type === 'day') return <DayLine key={row.key} time={row.time} conversation={conversation} />;
                if (row.type === 'new') return <NewLine key={row.key} />;
                if (row.type !== 'message') return null;
                const number = row.message.key.id[1];
                return (
                  <MessageRow
                    key={row.key}
                    message={row.message}
                    isFirst={row.isFirst}
                    isActive={active === number}
                    isTarget={target?.number === number}
                    conversation={conversation}
                    composer={composer}
                    onActivate={this.#activate}
                  />
                );
              })}
              {conversation.hasEnd.value &&
                unsent.map((message) => <UnsentRow key={message.id} message={message} composer={composer} />)}
            </ol>
          </div>
        </div>
        <LatestButton conversation={conversation} />
      </div>
    );
  }
}
