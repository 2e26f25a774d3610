import type { ComponentChildren } from 'preact';
import { useEffect, useId, useRef } from 'preact/hooks';

type Props = {
  readonly label: string;
  readonly value: string;
  readonly onInput: (value: string) => void;
  readonly type?: 'text' | 'password';
  readonly autocomplete?: string;
  readonly autofocus?: boolean;
  readonly required?: boolean;
  readonly maxLength?: number;
  /** How password managers know the field. */
  readonly name?: string;
  readonly readOnly?: boolean;
  readonly hint?: string;
  /** A button inside the field. */
  readonly children?: ComponentChildren;
};

/** A field of one line with its label. */
export function TextField(props: Props) {
  const {
    label,
    value,
    onInput,
    type = 'text',
    autofocus = false,
    required = false,
    readOnly = false,
    hint,
    children,
  } = props;
  const { autocomplete, maxLength, name } = props;
  const id = useId();
  const input = useRef<HTMLInputElement>(null);
  useEffect(() => {
    // On touch a focus would open the keyboard, so only an act of the person gives it.
    if (autofocus && !matchMedia('(pointer: coarse)').matches) input.current?.focus();
  }, []);
  return (
    <div class="field">
      <label for={id}>{label}</label>
      <span class="field-frame">
        <input
          id={id}
          ref={input}
          {...({ type } as { type: 'text' })}
          value={value}
          dir="auto"
          spellcheck={false}
          autocapitalize="none"
          onInput={({ currentTarget }) => onInput(currentTarget.value)}
          {...(autocomplete !== undefined && { autocomplete })}
          {...(maxLength !== undefined && { maxLength })}
          {...(name !== undefined && { name })}
          {...(hint !== undefined && { 'aria-describedby': `${id}-hint` })}
          required={required}
          readOnly={readOnly}
        />
        {children}
      </span>
      {hint !== undefined && (
        <p class="hint" id={`${id}-hint`}>
          {hint}
        </p>
      )}
    </div>
  );
}
