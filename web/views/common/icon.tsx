/** The shapes on a grid of 20 by 20, drawn as lines. */
const SHAPES = {
  send: 'M3 10 17 3l-5 14-3-6-6-1Z M9 11l8-8',
  search: 'M9 3a6 6 0 1 0 0 12A6 6 0 0 0 9 3Z M13.5 13.5 17 17',
  settings: 'M3 6h6 M13 6h4 M11 4v4 M3 14h3 M10 14h7 M8 12v4',
  people:
    'M7 4a3 3 0 1 0 0 6 3 3 0 0 0 0-6Z M2 16c0-3 2-4.5 5-4.5s5 1.5 5 4.5 M13 4.5a2.5 2.5 0 0 1 0 5 M14.5 12c2 .5 3.5 1.8 3.5 4',
  person: 'M10 3a3.5 3.5 0 1 0 0 7 3.5 3.5 0 0 0 0-7Z M4 17c0-3.5 2.5-5 6-5s6 1.5 6 5',
  plus: 'M10 4v12 M4 10h12',
  close: 'M5 5l10 10 M15 5 5 15',
  back: 'M12 4 6 10l6 6',
  down: 'M10 4v12 M5 11l5 5 5-5',
  reply: 'M8 5 3 10l5 5 M3 10h8c4 0 6 2 6 6',
  edit: 'M4 16l1-4 8-8 3 3-8 8-4 1Z',
  delete: 'M4 6h12 M8 6V4h4v2 M6 6l1 11h6l1-11',
  more: 'M4.5 10h.01 M10 10h.01 M15.5 10h.01',
  check: 'M4 11l4 4 8-9',
  lock: 'M5 9h10v8H5Z M7 9V6.5a3 3 0 0 1 6 0V9',
  room: 'M8 3 6 17 M14 3l-2 14 M4 7.5h13 M3 12.5h13',
  link: 'M8.5 11.5a3 3 0 0 0 4.200 0l2.800-2.800a3 3 0 0 0-4.200-4.200l-.8.8 M11.500 8.500a3 3 0 0 0-4.200 0l-2.800 2.800a3 3 0 0 0 4.200 4.200l.8-.8',
  details: 'M10 3a7 7 0 1 0 0 14 7 7 0 0 0 0-14Z M10 9v5 M10 6.500h.01',
  emoji: 'M10 3a7 7 0 1 0 0 14 7 7 0 0 0 0-14Z M7.5 8.5h.01 M12.5 8.5h.01 M7 12c1.5 2 4.5 2 6 0',
  file: 'M14 9.5 9 14.5a3 3 0 0 1-4.2-4.2l6-6a2 2 0 0 1 2.8 2.8l-6 6a.8.8 0 0 1-1.2-1.2L11.5 7',
  calendar: 'M4 5h12v11H4Z M4 8.5h12 M7 3v3 M13 3v3',
  keys: 'M2.5 5h15v10h-15Z M5.5 8h.01 M8.5 8h.01 M11.5 8h.01 M14.5 8h.01 M7 12h6',
  exit: 'M8 4H4v12h4 M8 10h9 M13.5 6.5 17 10l-3.5 3.5',
  star: 'M10 3l2.1 4.5 4.9.6-3.6 3.4.9 4.9L10 14l-4.300 2.4.9-4.9L3 8.1l4.9-.6Z',
  copy: 'M7 7h9v9H7Z M4 13V4h9',
  bell: 'M5 14c1-1 1.5-2.5 1.5-5a3.5 3.5 0 0 1 7 0c0 2.5.5 4 1.5 5Z M8.5 16.5h3',
  'bell-off': 'M5 14c1-1 1.5-2.5 1.5-5a3.5 3.5 0 0 1 7 0c0 2.5.5 4 1.5 5Z M8.5 16.5h3 M3 3l14 14',
  fold: 'M6 8l4 4 4-4',
  unit: 'M8 3h4v4H8Z M3 13h4v4H3Z M13 13h4v4h-4Z M10 7v3 M5 13v-3h10v3',
  eye: 'M2 10c2-4 5-5.5 8-5.5s6 1.5 8 5.5c-2 4-5 5.5-8 5.5S4 14 2 10Z M10 7.5a2.5 2.5 0 1 0 0 5 2.5 2.5 0 0 0 0-5Z',
  'eye-closed': 'M2 10c2-4 5-5.5 8-5.5s6 1.5 8 5.5c-2 4-5 5.5-8 5.5S4 14 2 10Z M4 16 16 4',
  dot: 'M10 6a4 4 0 1 0 0 8 4 4 0 0 0 0-8Z',
} as const;

/** The name of an icon. */
export type IconName = keyof typeof SHAPES;

/** A drawing beside a text, or on a button that has a label; screen readers skip it. */
export function Icon({ name }: { readonly name: IconName }) {
  return (
    <svg class="icon" viewBox="0 0 20 20" aria-hidden="true">
      <path d={SHAPES[name]} />
    </svg>
  );
}
