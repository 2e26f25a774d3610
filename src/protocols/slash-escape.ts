/** Writes a text for the lobby so that `readSlash` of the server reads the same text. */
export function writeSlash(text: string): string {
  return text.startsWith('/') ? `/${text}` : text; // C2-80 CODE-79
}
