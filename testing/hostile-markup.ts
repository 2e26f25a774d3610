/** What ends the text, the attribute or the element that a page has put it into. */
const BREAKS = [
  '',
  '"',
  "'",
  '>',
  '">',
  "'>",
  '</bdi>',
  '</th>',
  '</table>',
  '</title>',
  '</script>',
  '</style>',
  '-->',
  '<!--',
  ']]>',
  '`',
  '&quot;>',
  '&#34;>',
  '" ',
  "' ",
  '\\"',
  '"/>',
  '</textarea>',
  '<![CDATA[',
  '<bdi>',
];

/** What a page must not do. The address is one for documentation, so nothing would be reached. */
const MARKUP = [
  '<script>alert(1)</script>',
  '<script src=//192.0.2.1/>',
  '<img src=x onerror=alert(1)>',
  '<svg onload=alert(1)>',

  '<svg><script>alert(1)</script>',
  '<iframe src=//192.0.2.1>',
  '<base href=//192.0.2.1>',
  '<body onload=alert(1)>',
  '<meta http-equiv=refresh content=0>',
  '<link rel=stylesheet href=//192.0.2.1>',
  '<style>*{color:red}</style>',

  'onfocus=alert(1) autofocus x=',
  'style=color:red x=',
  'javascript:alert(1)',
  'data:text/html,<b>',
  '<form action=//x>',

  '<a href=javascript:alert(1)>x</a>',
  '<math><mtext></form>',
  '<details open ontoggle=alert(1)>',
  '<object data=//x>',
];

/** Texts that do something in a page that takes them for markup (T39). */
export function hostileMarkup(): string[] {
  return BREAKS.flatMap((end) => MARKUP.map((markup) => end + markup));
}
