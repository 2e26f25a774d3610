/** The folders of the web client from bottom to top; what is beside them starts it, and may import them all. */
const FOLDERS = ['model', 'text', 'state', 'views'];
const CLIENT = 'src/protocols/documents/client.ts';
/** What a view or a state is made with. The other folders are made with nothing, so that they can be tested anywhere. */
const PACKAGE = /^(?:preact(?:\/hooks)?|@preact\/signals)$/;
const WITH_PACKAGES = new Set(['state', 'views', 'main.tsx']);

/** Why a file of the web client must not import this; null if it may. */
export function whyNotInWeb(path: string, target: string): string | null {
  const [, folder = ''] = path.split('/');
  const [top, targetFolder = ''] = target.split('/');
  if (rankOf(folder) === null) return 'this folder has no place in web';
  if (top === 'web') {
    return (rankOf(targetFolder) ?? 0) > (rankOf(folder) ?? 0) ? `web/${folder} is below web/${targetFolder}` : null;
  }
  if (top === 'src') {
    return target === CLIENT || target.startsWith('src/lib/') ? null : `of src web imports only ${CLIENT} and src/lib`;
  }
  if (/^(?:\.|testing\/|test\/|scripts\/|bench\/|examples\/)/.test(target)) return 'web imports only itself and src';
  if (!PACKAGE.test(target)) return 'web imports no package but preact and its signals';
  return WITH_PACKAGES.has(folder) ? null : `web/${folder} imports no package`;
}

function rankOf(folder: string): number | null {
  if (folder === 'main.tsx') return FOLDERS.length;
  const index = FOLDERS.indexOf(folder);
  return index === -1 ? null : index;
}
