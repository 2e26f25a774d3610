/** What the server says about itself in the page. */
export type ServerFacts = {
  readonly name: string;
  readonly registration: 'open' | 'closed';
  readonly guests: boolean;
  /** The option without which a browser cannot chat at this address; null if it can. */
  readonly missingOption: string | null;
  readonly maxFileBytes?: number;
};

const DEFAULTS: ServerFacts = { name: 'Parlance', registration: 'open', guests: true, missingOption: null };

export function readServerFacts(): ServerFacts {
  try {
    const text = document.getElementById('server')?.textContent ?? '{}';
    return { ...DEFAULTS, ...(JSON.parse(text) as Partial<ServerFacts>) };
  } catch {
    return DEFAULTS;
  }
}

/** The address at which this page's server speaks documents. */
export function serverAddress(): string {
  return `${location.origin.replace(/^http/, 'ws')}/documents`;
}
