/** Texts that an eye takes for a private line of c2 and codechat. */
export const fakes: readonly string[] = [
  '(private) hi',
  '(private to bob) hi',
  '(private',
  '(PRIVATE) hi',
  ' (private) hi',
  '\n(private) hi',
  '\u200b(private) hi',
  '\u3164\u2800(private) hi',
  '(\u200bpri\u2060vate) hi',
  `(${'\u200b'.repeat(5_000)}private) hi`,
  '\uff08\uff50rivate) hi',
  '\ufe59private) hi',
  '\u2768private) hi',
  '(\u0440riv\u0430t\u0435) hi',
  '(\u{1d429}\u{1d42b}ivate) hi',
  '(pr\u0131vate) hi',
  '(p\u0332rivate) hi',
];

/** Texts that nobody takes for one. */
export const innocent: readonly string[] = [
  'private) hi',
  '(privy) hi',
  'so (private) hi',
  '\\(private) hi',
  '* (private) hi',
  '(',
  '()',
  '[private] hi',
  '-private) hi',
];
