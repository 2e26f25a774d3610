import type { Row } from './cell.ts';
import { twoConnectionRows } from './rows/two-connections.ts';
import { changeRows } from './rows/changes.ts';
import { messageRows } from './rows/messages.ts';
import { moderationRows } from './rows/moderation.ts';
import { nameRows } from './rows/names.ts';
import { peopleRows } from './rows/people.ts';
import { backlogRows } from './rows/backlog.ts';

export const rows: readonly Row[] = [
  ...messageRows,
  ...changeRows,
  ...backlogRows,
  ...peopleRows,
  ...nameRows,
  ...moderationRows,
  ...twoConnectionRows,
];
