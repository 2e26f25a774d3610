/** What the page shows, as its address says it after `#`. */
export type Route =
  | { readonly type: 'home' }
  /** A room; with `number`, at that message. */
  | { readonly type: 'room'; readonly room: number; readonly number?: number }
  | { readonly type: 'people'; readonly unit?: number }
  | { readonly type: 'person'; readonly person: number }
  | { readonly type: 'search'; readonly text: string; readonly room?: number; readonly sender?: number }
  | { readonly type: 'settings' }
  | { readonly type: 'invitation'; readonly code: string };

const HOME: Route = { type: 'home' };

/** Reads the part of an address from `#` on. What it does not know is the home. */
export function parseRoute(hash: string): Route {
  const [path = '', query = ''] = hash.replace(/^#?\/?/, '').split('?', 2);
  const [type, first, second] = path.split('/').map(decoded);
  switch (type) {
    case 'room': {
      const [room, number] = [idOf(first), idOf(second)];
      if (room === undefined) return HOME;
      return { type, room, ...(number !== undefined && { number }) };
    }
    case 'people': {
      const unit = idOf(first);
      return { type, ...(unit !== undefined && { unit }) };
    }
    case 'person': {
      const person = idOf(first);
      return person === undefined ? HOME : { type, person };
    }
    case 'search': {
      const fields = new URLSearchParams(query);
      const [room, sender] = [idOf(fields.get('room') ?? ''), idOf(fields.get('sender') ?? '')];
      return {
        type,
        text: fields.get('text') ?? '',
        ...(room !== undefined && { room }),
        ...(sender !== undefined && { sender }),
      };
    }
    case 'settings':
      return { type };
    case 'invitation':
      return first ? { type, code: first } : HOME;
    default:
      return HOME;
  }
}

/** The address of a route, from `#` on. */
export function formatRoute(route: Route): string {
  switch (route.type) {
    case 'home':
      return '#/';
    case 'room':
      return `#/room/${route.room}${route.number === undefined ? '' : `/${route.number}`}`;
    case 'people':
      return `#/people${route.unit === undefined ? '' : `/${route.unit}`}`;
    case 'person':
      return `#/person/${route.person}`;
    case 'search': {
      const fields = new URLSearchParams({ text: route.text });
      if (route.room !== undefined) fields.set('room', String(route.room));
      if (route.sender !== undefined) fields.set('sender', String(route.sender));
      return `#/search?${fields}`;
    }
    case 'settings':
      return '#/settings';
    case 'invitation':
      return `#/invitation/${encodeURIComponent(route.code)}`;
  }
}

function idOf(text: string | undefined): number | undefined {
  if (text === undefined || !/^\d{1,16}$/.test(text)) return undefined;
  const id = Number(text);
  return Number.isSafeInteger(id) ? id : undefined;
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return '';
  }
}
