import type { Mentions } from './use-mentions.ts';

/** The names that complete what follows an `@`. The keys for it are those of the field, which keeps the focus. */
export function MentionList({ mentions: { id, people, at, pick } }: { readonly mentions: Mentions }) {
  if (people.length === 0) return null;
  return (
    <ul class="mentions" role="listbox" id={id} aria-label="@">
      {people.map((person, index) => (
        <li
          key={person.id}
          id={`${id}-${index}`}
          role="option"
          aria-selected={index === at}
          onPointerDown={(event) => {
            event.preventDefault();
            pick(person);
          }}
        >
          <bdi class="name">{person.displayName}</bdi>
          {person.displayName !== person.name && <bdi class="username">{person.name}</bdi>}
        </li>
      ))}
    </ul>
  );
}
