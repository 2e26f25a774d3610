/** What the URLs of the page's files begin with. */
export const WEB = '/web/';

/** How a body is encoded, as `Content-Encoding` names it; `identity` is not at all. */
export type Encoding = 'br' | 'gzip' | 'identity';

/** A file of the page. Its name changes with its content. */
export type Asset = {
  readonly name: string;
  readonly type: string;
  /** Each encoding that is smaller than the file, and the file itself. */
  readonly bodies: ReadonlyMap<Encoding, Uint8Array>;
};

/** The web client as it was built. */
export type WebPage = {
  /** The text of `index.html`, in which a place is left for the facts about the server. */
  readonly template: string;
  readonly assets: readonly Asset[];
};

/** The place in `index.html` for the facts about the server. */
export const FACTS_PLACE = '<script type="application/json" id="server"></script>';
