import type { settings } from '../../text/en/settings.ts';
import type { ChatSession } from '../session.ts';

/** Why a picture was not taken, as the name of the text that says so. */
export type PictureProblem = Extract<keyof typeof settings, `picture${string}`>;

/** The server takes no larger file. */
const MOST_BYTES = 2 * 2 ** 20;
const PROBLEMS: { readonly [status: number]: PictureProblem } = {
  400: 'pictureDamaged',
  413: 'pictureTooLarge',
  415: 'pictureType',
  429: 'pictureOften',
  507: 'pictureDiskFull',
};

/** Uploads a file and makes it the picture of this person; resolves with null, or with why not. Rejects with a DocumentsError. */
export async function uploadPicture({ client, selfKey }: ChatSession, file: Blob): Promise<PictureProblem | null> {
  if (file.size > MOST_BYTES) return 'pictureTooLarge'; // WEB-20
  const { session, config } = client.session;
  const address = `${config.media_server.replace(/\/$/, '')}/pictures`;
  const headers = { Authorization: `Bearer ${session}` };
  const answer = await fetch(address, { method: 'POST', body: file, headers }).catch(() => null);
  if (answer === null) return 'pictureFailed';
  if (!answer.ok) return PROBLEMS[answer.status] ?? 'pictureFailed'; // WEB-20
  const { picture } = (await answer.json()) as { readonly picture: string };
  await client.patch(selfKey, { picture });
  return null;
}

/** Whether this is the path of an uploaded picture, and not of one that the server draws. */
export function isUploaded(picture: string): boolean {
  return picture.split('/').length > 2;
}
