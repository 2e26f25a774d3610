/** The part of c2 that the load uses: an acknowledgement, and for a message the event for all members. */
export function answerTo(frame: string): { readonly answer: string; readonly event: string | null } {
  if (!frame.startsWith('c2/MSG ')) return { answer: 'c2/ACKNOWLEDGE', event: null };
  const [time, ...text] = frame.slice('c2/MSG '.length).split('; ');
  const event = `c2/MSG sender; ${time}; 00000000-0000-7000-8000-000000000000; ${text.join('; ')}`;
  return { answer: 'c2/ACKNOWLEDGE', event };
}
