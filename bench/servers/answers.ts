/** As much of c2 as the load speaks: an acknowledgement for all, and for a message what everybody is shown. */
export function answerTo(frame: string): { readonly answer: string; readonly event: string | null } {
  if (!frame.startsWith('c2/MSG ')) return { answer: 'c2/ACKNOWLEDGE', event: null };
  const [time, ...text] = frame.slice('c2/MSG '.length).split('; ');
  const event = `c2/MSG sender; ${time}; 00000000-0000-7000-8000-000000000000; ${text.join('; ')}`;
  return { answer: 'c2/ACKNOWLEDGE', event };
}
