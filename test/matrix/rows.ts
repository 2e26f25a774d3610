import type { Row } from './cell.ts';
import { bothRows } from './rows/two-connections.ts';
import { changeRows } from './rows/changes.ts';
import { messageRows } from './rows/messages.ts';
import { moderationRows } from './rows/moderation.ts';
import { nameRows } from './rows/names.ts';
import { peopleRows } from './rows/people.ts';
import { waitingRows } from './rows/backlog.ts';

/** All that is done by one protocol and seen by another. */
export const rows: readonly Row[] = [
  ...messageRows,
  ...changeRows,
  ...waitingRows,
  ...peopleRows,
  ...nameRows,
  ...moderationRows,
  ...bothRows,
];
