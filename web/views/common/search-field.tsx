import { useId } from 'preact/hooks';
import { Icon } from './icon.tsx';

type Props = { readonly label: string; readonly value: string; readonly onInput: (value: string) => void };

/** A field for words to look for; its label is inside of it until something is typed. */
export function SearchField({ label, value, onInput }: Props) {
  const id = useId();
  return (
    <div class="search-field">
      <Icon name="search" />
      <label class="hidden" for={id}>
        {label}
      </label>
      <input
        id={id}
        type="search"
        value={value}
        placeholder={label}
        dir="auto"
        spellcheck={false}
        autocomplete="off"
        onInput={({ currentTarget }) => onInput(currentTarget.value)}
      />
    </div>
  );
}
