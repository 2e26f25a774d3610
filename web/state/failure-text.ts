import { DocumentsError, type OutboxMessage } from '../../src/protocols/documents/client.ts';
import type { Texts } from '../text/en.ts';

type Words = Texts['failures'];
/** The texts that need nothing to be filled in. */
type Plain = { readonly [K in keyof Words]: Words[K] extends string ? K : never }[keyof Words];

/** What of a failure decides its text. */
type Failed = Pick<DocumentsError, 'status' | 'serverCode' | 'retryAfterMs' | 'message'>;

const LOGIN = 1;

/** The server's words for what its codes do not tell apart. */
const BY_WORDS: readonly (readonly [words: RegExp, text: Plain])[] = [
  [/^this name is empty$/, 'nameEmpty'],
  [/^this name is longer than/, 'nameTooLong'],
  [/^this name is reserved$/, 'nameReserved'],
  [/^this name (?:has a|mixes)/, 'nameCharacter'],
  [/^this name is taken$/, 'nameTaken'],
  [/^this name belongs to an account/, 'nameRegistered'],
  [/^this display name is the name of another/, 'displayNameTaken'],
  [/^this .*is empty$/, 'textEmpty'],
  [/^this (?:display name|status) is longer than/, 'lineTooLong'],
  [/^this text is too long$/, 'textTooLong'],
  [/^this .*(?:control characters|well-formed Unicode)$/, 'textCharacter'],
  [/^a password has/, 'passwordLength'],
  [/^this server makes no new accounts$/, 'registrationClosed'],
  [/^logging in this way/, 'loginSwitchedOff'],
  [/^guests (?:may not|cannot)/, 'guestsMayNot'],
  [/^this time has passed already$/, 'timePassed'],
  [/^you are muted$/, 'muted'],
  [/^you are not a member$/, 'notMember'],
  [/^that person cannot be sent/, 'unreachablePerson'],
  [/^server is stopping$/, 'stopping'],
];

/** Says what has failed, and what to do, in the language of the page. */
export function failureText(error: unknown, { failures }: Texts): string {
  if (!(error instanceof DocumentsError))
    return failures.unexpected(error instanceof Error ? error.message : String(error));
  switch (error.code) {
    case 'refused':
      return refusalText(error, failures);
    case 'full':
      return failures.outboxFull;
    case 'unknown-outcome':
      return failures.unknownOutcome;
    case 'unreadable':
      return failures.unreadable;
    default:
      return failures.offline;
  }
}

/** Says why the server did not take a message of the outbox. */
export function unsentText({ error }: { readonly error?: OutboxMessage['error'] }, { failures }: Texts): string {
  const { status = null, message = '' } = error ?? {};
  return refusalText({ status, message, serverCode: null, retryAfterMs: null }, failures);
}

function refusalText({ status, serverCode, retryAfterMs, message }: Failed, failures: Words): string {
  const [, reason] = /^banned: ?(.*)$/s.exec(message) ?? [];
  if (reason !== undefined) return failures.banned(reason);
  const known = BY_WORDS.find(([words]) => words.test(message));
  if (known !== undefined) return failures[known[1]];
  switch (status) {
    case 401:
      return Math.floor(((serverCode ?? 0) % 10_000) / 100) === LOGIN ? failures.wrongLogin : failures.wrongPassword;
    case 403:
      return (serverCode ?? 0) % 100 === 50 ? failures.tooMany : failures.notAllowed;
    case 404:
      return failures.notFound;
    case 409:
      return failures.conflict;
    case 500:
      return failures.unavailable;
    case 503:
      return message.startsWith('too fast')
        ? failures.tooFast(Math.ceil((retryAfterMs ?? 1_000) / 1_000))
        : failures.busy;
    default:
      return failures.unexpected(message);
  }
}
