import { signal } from '@preact/signals';
import { Component, createRef } from 'preact';
import type { Row } from '../../model/rows.ts';
import type { ComposerState } from '../../state/writing/composer-state.ts';
import type { Place } from '../../state/place.ts';
import type { Conversation } from '../../state/conversation.ts';
import { ListStart } from './list-start.tsx';
import { LatestButton } from './latest-button.tsx';
import { pressedInList } from './list-keys.ts';
import { MessageRow } from '../message/message-row.tsx';
import { lastSeenIn, leftBelow, numberOf, placeIn, rowsIn, scrollTo } from './scrolling.ts';
import { UnsentRow } from './unsent-row.tsx';
import { DayLine, NewLine } from './lines.tsx';
import type { Today } from '../common/use-today.ts';

type Props = {
  readonly conversation: Conversation;
  readonly composer: ComposerState;
  readonly rows: readonly Row[];
  readonly target: Conversation['target']['value'];
  readonly isWatched: boolean;
  readonly today: Today;
  readonly label: string;
};

type Measures = Pick<HTMLElement, 'scrollTop' | 'scrollHeight' | 'clientHeight' | 'clientWidth'>;

/** More messages are loaded when less than so many heights of the view are left. */
const AHEAD = 1.5;
/** So near to the end it is the end. */
const NEAR = 8;

/**
 * The messages of a conversation. What one reads stays where it is, whatever is loaded, changed or grows above or below it; at the
 * newest message the list stays at its end.
 */
export class MessageList extends Component<Props> {
  readonly #scroller = createRef<HTMLDivElement>();
  readonly #content = createRef<HTMLDivElement>();
  readonly #observer = new ResizeObserver(() => this.#restore());
  /** The message whose actions are shown. */
  readonly #active = signal<number | null>(null);
  /** The message that the Tab key leads to; null for the last one. */
  readonly #tabStop = signal<number | null>(null);
  /** The place that the list shows; another one in the conversation is where the reader wants to go. */
  #shown: Place | null = null;
  /** How the list was when its place was known last. */
  #last: Measures = { scrollTop: 0, scrollHeight: 0, clientHeight: 0, clientWidth: 0 };
  /** The message to focus as soon as it is there. */
  #focusWanted: number | 'last' | null = null;
  /** Whether the focus came to its message by the keyboard. */
  #isByKeyboard = false;

  override componentDidMount(): void {
    for (const { current } of [this.#scroller, this.#content]) if (current !== null) this.#observer.observe(current);
    this.#restore();
  }

  override componentWillUnmount(): void {
    this.#observer.disconnect();
  }

  override getSnapshotBeforeUpdate(): null {
    // The event of a scroll may come after this.
    this.#noticeScroll();
    return null;
  }

  override componentDidUpdate(before: Props): void {
    this.#restore();
    if (before.target !== this.props.target) this.#highlight();
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
    const { conversation } = this.props;
    const { place } = conversation;
    const isNewSeen = place === 'end' && !this.props.isWatched && aboveView(scroller) <= 0;
    if (scrollTo(scroller, place, !conversation.isLoading.peek())) this.#shown = place; // WEB-40
    if (isNewSeen) this.#holdAtNew(scroller);
    else if (place !== 'end' && this.#shown === place && leftBelow(scroller) < NEAR && conversation.hasEnd.peek())
      this.#move('end');
    this.#last = measured(scroller);
    this.#focusNow(scroller);
    this.#loadMore(scroller);
    this.#tellSeen(scroller);
  }

  /** What comes while nobody looks does not push the first unread message out of the view. */
  #holdAtNew(scroller: HTMLElement): void {
    const above = aboveView(scroller);
    if (above <= 0) return;
    scroller.scrollTop -= above; // WEB-43
    this.#move(placeIn(scroller));
  }

  readonly #scrolled = (): void => {
    const scroller = this.#scroller.current;
    if (scroller === null) return;
    this.#noticeScroll();
    this.#loadMore(scroller);
    this.#tellSeen(scroller);
  };

  /** Takes over where the reader has scrolled to. What has moved because something got another size is restored instead. */
  #noticeScroll(): void {
    const scroller = this.#scroller.current;
    const { conversation } = this.props;
    // A place that waits for its message is not left by scrolling.
    if (scroller === null || this.#shown !== conversation.place) return;
    const now = measured(scroller);
    if (now.scrollTop === this.#last.scrollTop || !isSameSize(now, this.#last)) return;
    const movedUp = now.scrollTop < this.#last.scrollTop;
    this.#last = now;
    if (leftBelow(scroller) < NEAR && conversation.hasEnd.peek()) this.#move('end');
    else if (this.#shown !== 'end' || movedUp) this.#move(placeIn(scroller));
  }

  #loadMore(scroller: HTMLElement): void {
    const { conversation } = this.props;
    if (this.#shown === null) return;
    const ahead = scroller.clientHeight * AHEAD;
    if (scroller.scrollTop < ahead && !conversation.isAtStart.peek()) conversation.loadOlder();
    else if (leftBelow(scroller) < ahead && !conversation.hasEnd.peek()) conversation.loadNewer();
  }

  #tellSeen(scroller: HTMLElement): void {
    const { conversation, isWatched } = this.props;
    if (!isWatched || this.#shown !== conversation.place || (conversation.entry?.unread ?? 0) === 0) return;
    conversation.tellSeen(conversation.isReading.peek() ? undefined : lastSeenIn(scroller)); // WEB-42
  }

  /** Goes to a message of the list by the keyboard, also if it is not loaded. */
  readonly #focus = (wanted: number | 'last'): void => {
    const { conversation } = this.props;
    const scroller = this.#scroller.current;
    if (scroller === null) return;
    this.#focusWanted = wanted;
    if (wanted === 'last' && !conversation.hasEnd.peek()) conversation.toEnd();
    else if (wanted !== 'last' && !rowsIn(scroller).some((row) => numberOf(row) === wanted))
      conversation.show(wanted, 8);
    else this.#focusNow(scroller);
  };

  #focusNow(scroller: HTMLElement): void {
    const wanted = this.#focusWanted;
    if (wanted === null || this.props.conversation.isLoading.peek()) return;
    const rows = rowsIn(scroller);
    const row = wanted === 'last' ? rows.at(-1) : rows.find((each) => numberOf(each) >= wanted);
    this.#focusWanted = null;
    if (row === undefined) return;
    row.focus({ preventScroll: true });
    this.#focused(numberOf(row), true);
    row.scrollIntoView({ block: 'nearest' });
    this.#scrolled();
  }

  /** Lets the message that one has gone to stand out again, also if it is the same as before. */
  #highlight(): void {
    const { target } = this.props;
    const row = this.#scroller.current?.querySelector(`[data-number="${target?.number}"]`);
    for (const animation of row?.getAnimations() ?? []) animation.currentTime = 0;
  }

  #pressed(event: KeyboardEvent): void {
    const { conversation, composer } = this.props;
    pressedInList(event, { conversation, composer, focus: this.#focus, isByKeyboard: this.#isByKeyboard });
  }

  readonly #activate = (active: number | null): void => {
    this.#active.value = active;
  };

  readonly #focused = (number: number, isByKeyboard: boolean): void => {
    this.#isByKeyboard = isByKeyboard;
    if (isByKeyboard) this.#active.value = number;
    this.#tabStop.value = number;
  };

  override render({ conversation, composer, rows, target, today, label }: Props) {
    const numbers = rows.flatMap((row) => (row.type === 'message' ? row.message.key.id[1] : []));
    const stop = this.#tabStop.value;
    const tabStop = stop !== null && numbers.includes(stop) ? stop : numbers.at(-1);
    const hasEnd = conversation.hasEnd.value;
    return (
      <div class="messages">
        <div
          class="scroller"
          ref={this.#scroller}
          onScroll={this.#scrolled}
          onPointerLeave={({ pointerType }) => pointerType === 'mouse' && this.#activate(null)}
          onKeyDown={(event) => this.#pressed(event)}
        >
          <div class="content" ref={this.#content}>
            <ListStart conversation={conversation} isEmpty={rows.length === 0} />
            <ol class="list" aria-label={label}>
              {rows.map((row) => {
                switch (row.type) {
                  case 'day':
                    return <DayLine key={row.key} time={row.time} today={today} conversation={conversation} />;
                  case 'new':
                    return <NewLine key={row.key} />;
                  case 'unsent':
                    return (
                      hasEnd && (
                        <UnsentRow key={row.key} message={row.message} isFirst={row.isFirst} composer={composer} />
                      )
                    );
                  case 'message': {
                    const number = row.message.key.id[1];
                    return (
                      <MessageRow
                        key={row.key}
                        message={row.message}
                        isFirst={row.isFirst}
                        isTabStop={number === tabStop}
                        isTarget={target?.number === number}
                        active={this.#active}
                        conversation={conversation}
                        composer={composer}
                        onActivate={this.#activate}
                        onFocused={this.#focused}
                      />
                    );
                  }
                }
              })}
            </ol>
          </div>
        </div>
        <LatestButton conversation={conversation} />
      </div>
    );
  }
}

/** How far the line of the unread messages is above the upper edge of the view; 0 if there is none. */
function aboveView(scroller: HTMLElement): number {
  const line = scroller.querySelector('.is-new');
  return line === null ? 0 : scroller.getBoundingClientRect().top - line.getBoundingClientRect().top;
}

function measured({ scrollTop, scrollHeight, clientHeight, clientWidth }: HTMLElement): Measures {
  return { scrollTop, scrollHeight, clientHeight, clientWidth };
}

function isSameSize(one: Measures, other: Measures): boolean {
  const { scrollHeight, clientHeight, clientWidth } = one;
  return (
    scrollHeight === other.scrollHeight && clientHeight === other.clientHeight && clientWidth === other.clientWidth
  );
}
