import type { MessageEntry, PostedMessage, SentFile } from '../../src/protocols/documents/client.ts';

/** How a file is shown in its message. */
export type FileLook = 'picture' | 'video' | 'audio' | 'other';

/** What a page may show by itself; all else is a download. */
const LOOKS: ReadonlyMap<string, FileLook> = new Map([
  ...['image/png', 'image/jpeg', 'image/gif', 'image/webp', 'image/avif'].map((type) => [type, 'picture'] as const),
  ...['video/mp4', 'video/webm', 'video/ogg'].map((type) => [type, 'video'] as const),
  ...['audio/mpeg', 'audio/mp4', 'audio/ogg', 'audio/wav', 'audio/webm', 'audio/flac'].map(
    (type) => [type, 'audio'] as const,
  ),
]);

/** A picture in the list is at most so large, in pixels of CSS. */
const MOST_WIDTH = 360;
const MOST_HEIGHT = 240;

/** How a file is shown. A picture of unknown size is a download: it would move what one reads when it comes. */
export function lookOf({ type, width, height }: SentFile): FileLook {
  const look = LOOKS.get(type) ?? 'other';
  return look === 'picture' && !((width ?? 0) > 0 && (height ?? 0) > 0) ? 'other' : look;
}

/** The size at which a picture is shown in the list: never larger than it is. */
export function smallSize({ width = 1, height = 1 }: SentFile): { readonly width: number; readonly height: number } {
  const scale = Math.min(1, MOST_WIDTH / width, MOST_HEIGHT / height);
  return { width: Math.max(1, Math.round(width * scale)), height: Math.max(1, Math.round(height * scale)) };
}

/** The file of a message; undefined if it has none, or one at no address of this server. */
export function fileOf(message: MessageEntry): SentFile | undefined {
  if ('deleted' in message) return undefined;
  const { file } = message;
  return file?.address.startsWith('/files/') ? file : undefined;
}

/** So many characters of a message fit in one line of any screen. */
const MOST_OF_A_LINE = 200;

/** A message in one line: its text, or else the name of its file. */
export function summaryOf(message: Pick<PostedMessage, 'text' | 'file'>): string {
  const { text, file } = message;
  return (textBesideFile(text, file) || (file?.name ?? '')).slice(0, MOST_OF_A_LINE); // WEB-73
}

/** The text without its last line, if that only says to other clients where the file is. */
export function textBesideFile(text: string, file: SentFile | undefined): string {
  if (file === undefined) return text;
  const start = text.lastIndexOf('\n') + 1;
  const line = text.slice(start);
  const isLink = line.startsWith(`${file.name}: `) && line.endsWith(file.address);
  return isLink ? text.slice(0, Math.max(0, start - 1)) : text; // WEB-73
}
