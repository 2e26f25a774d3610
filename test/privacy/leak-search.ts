/** All that can be read in a frame: its characters, what JSON writes otherwise, what its bytes are in UTF-8, and what stands in it in base64. */
export function readable(frame: string): string {
  const hidden = [...frame.matchAll(/"body":"([A-Za-z0-9+/=]*)"/g)].map(([, body = '']) =>
    Buffer.from(body, 'base64').toString('utf8'),
  );
  const meant = frame.startsWith('{') ? textsOf(frame) : [Buffer.from(frame, 'latin1').toString('utf8')];
  return [frame, ...meant, ...hidden].join('\n');
}

function textsOf(frame: string): string[] {
  const texts: string[] = [];
  JSON.parse(frame, (_name, value: unknown) => {
    if (typeof value === 'string') texts.push(value);
    return value;
  });
  return texts;
}
