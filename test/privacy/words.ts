/** All that can be read in a frame: its characters, and what stands in it in base64. */
export function readable(frame: string): string {
  const hidden = [...frame.matchAll(/"body":"([A-Za-z0-9+/=]*)"/g)].map(([, body = '']) =>
    Buffer.from(body, 'base64').toString('utf8'),
  );
  return [frame, ...hidden].join('\n');
}
