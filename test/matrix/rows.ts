import type { Row } from './cell.ts';
import { bothRows } from './rows/both.ts';
import { messageRows } from './rows/messages.ts';
import { moderationRows } from './rows/moderation.ts';
import { peopleRows } from './rows/people.ts';

/** All that is done by one protocol and seen by another. */
export const rows: readonly Row[] = [...messageRows, ...peopleRows, ...moderationRows, ...bothRows];
