import type { ComposerState } from '../../state/writing/composer-state.ts';
import type { Conversation } from '../../state/conversation.ts';
import { numberOf, rowsIn } from './scrolling.ts';

/** What the keys in a list of messages act on. `focus` goes to a message, loaded or not, or to the last one. */
export type KeyTargets = {
  readonly conversation: Conversation;
  readonly composer: ComposerState;
  readonly focus: (number: number | 'last') => void;
  /** Whether the focus came by the keyboard. After a press with the pointer letters belong to the field where one writes. */
  readonly isByKeyboard: boolean;
};

/** Moves between messages, and does with one of them what its key means (WEB-57). */
export function pressedInList(event: KeyboardEvent, targets: KeyTargets): void {
  const { composer, focus } = targets;
  const scroller = event.currentTarget as HTMLElement;
  const row = (event.target as Element).closest<HTMLElement>('[data-number]');
  const isElsewhere = row === null || (event.target as Element).closest('dialog, [role="menu"]') !== null;
  if (isElsewhere || event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
  const isOnRow = event.target === row;
  const act = isOnRow ? (moves(event.key, scroller, row, focus) ?? deeds(event.key, row, targets)) : null;
  if (act !== null) act();
  else if (event.key === 'Escape') composer.focus();
  else return;
  event.preventDefault();
  event.stopPropagation();
}

function moves(key: string, scroller: HTMLElement, row: HTMLElement, focus: KeyTargets['focus']): (() => void) | null {
  const rows = rowsIn(scroller);
  const at = rows.indexOf(row);
  const to = (index: number) => {
    const next = rows[Math.max(0, Math.min(rows.length - 1, index))];
    return () => next !== undefined && focus(numberOf(next));
  };
  switch (key) {
    case 'ArrowUp':
      return to(at - 1);
    case 'ArrowDown':
      return to(at + 1);
    case 'PageUp':
    case 'PageDown':
      return to(rows.indexOf(aPageAway(rows, row, scroller.clientHeight * (key === 'PageUp' ? -0.9 : 0.9))));
    case 'Home':
      return () => focus(1);
    case 'End':
      return () => focus('last');
    default:
      return null;
  }
}

/** The message that is so many pixels below; above, if there are less than none. */
function aPageAway(rows: readonly HTMLElement[], row: HTMLElement, distance: number): HTMLElement {
  const wanted = row.getBoundingClientRect().top + distance;
  const isBeyond = (each: HTMLElement) => each.getBoundingClientRect().top >= wanted;
  const found = rows.find(isBeyond) ?? rows.at(-1) ?? row;
  return found === row ? (rows[rows.indexOf(row) + Math.sign(distance)] ?? row) : found;
}

function deeds(
  key: string,
  row: HTMLElement,
  { conversation, composer, isByKeyboard }: KeyTargets,
): (() => void) | null {
  const message = conversation.messages.peek().find(({ key: { id } }) => id[1] === numberOf(row));
  if (message === undefined || 'deleted' in message || !isByKeyboard) return null;
  const isOwn = conversation.isOwn(message);
  if (key === 'r') return () => composer.reply(message.key.id[1]);
  if (key === 'e' && isOwn) return () => composer.edit(message);
  if (key === 'Delete' && (isOwn || conversation.isModerator.peek()))
    return () => {
      conversation.dialog.value = { type: 'delete', message };
    };
  return null;
}
