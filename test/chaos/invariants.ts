import type { ChaosClient, ShownMessage } from './chaos-client.ts';
import type { SentRecord } from './sent-log.ts';

/** So long an answer may take on a network without faults, on a busy machine. */
const PROMPT_MS = 10_000;

/** What is wrong with the history, compared with what was sent and what the authors were told. */
export function checkHistory(history: readonly ShownMessage[], sent: readonly SentRecord[]): string[] {
  const counts = new Map<string, number>();
  for (const { text } of history) counts.set(text, (counts.get(text) ?? 0) + 1);
  const authors = new Map(sent.map(({ author, text }) => [text, author]));
  const positions = positionsIn(history);
  return [
    ...sent.flatMap(({ text, outcome, author }) => {
      const count = counts.get(text) ?? 0;
      if (outcome === null) return [`${author} was never told what became of "${text}"`];
      const isRight = outcome === 'acknowledged' ? count === 1 : outcome === 'unknown' ? count <= 1 : count === 0;
      return isRight ? [] : [`"${text}" is ${outcome} and ${count} times in the history`];
    }),
    ...history.flatMap(({ author, text }) =>
      authors.get(text) === nameIn(author)
        ? []
        : [`"${text}" by ${author} is in the history and was not sent by that name`],
    ),
    ...[...Map.groupBy(sent, ({ author, connection }) => `${author}, connection ${connection}`)].flatMap(
      ([where, records]) =>
        checkOrder(
          records.flatMap(({ text, isOnOne }) => (isOnOne && counts.has(text) ? [text] : [])),
          positions,
          `the history of ${where}`,
        ),
    ),
  ];
}

/** What is wrong with what a client was shown: an unknown message, one twice on a connection, or another order than the history's. */
export function checkShown(client: ChaosClient, history: readonly ShownMessage[]): string[] {
  const positions = positionsIn(history);
  const authors = new Map(history.map(({ author, text }) => [text, nameIn(author)]));
  return client.shown.flatMap((messages, index) => {
    const where = `${client.name}, connection ${index + 1}`;
    const foreign = messages.filter(({ author, text }) => authors.get(text) !== nameIn(author));
    return [
      ...foreign.map(({ author, text }) => `${where} was shown "${text}" by ${author}, which is not in the history`),
      ...checkOrder(
        messages.map(({ text }) => text),
        positions,
        where,
      ),
    ];
  });
}

/** The messages of others that a client was never shown. */
export function checkMissed(client: ChaosClient, history: readonly ShownMessage[]): string[] {
  const shown = new Set(client.shown.flat().map(({ text }) => text));
  const missed = history.filter(({ author, text }) => nameIn(author) !== client.name && !shown.has(text));
  return missed.map(({ text }) => `${client.name} was never shown "${text}"`);
}

/** What disturbed a client on a network without faults. */
export function checkHealthy({ name, connection, shown }: ChaosClient, sent: readonly SentRecord[]): string[] {
  const own = sent.filter(({ author }) => author === name);
  return [
    ...(connection === 1 && shown.length === 1 ? [] : [`${name} had ${connection} connections`]),
    ...own.flatMap(({ text, outcome, ms }) =>
      outcome === 'acknowledged' && ms < PROMPT_MS ? [] : [`"${text}" was ${outcome} after ${Math.round(ms)} ms`],
    ),
  ];
}

/** A guest who came back is another person, so that the name of the first is shown with a mark. */
function nameIn(author: string): string {
  return author.replace(/~$/, '');
}

function positionsIn(history: readonly ShownMessage[]): ReadonlyMap<string, number> {
  return new Map(history.map(({ text }, index) => [text, index]));
}

/** Each text must come after the one before it. */
function checkOrder(texts: readonly string[], positions: ReadonlyMap<string, number>, where: string): string[] {
  return texts.flatMap((text, index) => {
    const before = texts[index - 1];
    if (before === undefined || (positions.get(before) ?? -1) < (positions.get(text) ?? -1)) return [];
    return [`${where}: "${text}" comes after "${before}"`];
  });
}
