import { Icon, type IconName } from './icon.tsx';

type Props = {
  readonly icon: IconName;
  readonly label: string;
  readonly onClick: () => void;
  readonly disabled?: boolean;
  /** For a button that shows or hides something. */
  readonly isExpanded?: boolean;
  readonly class?: string;
};

/** A button with a drawing; the label is its name and its tooltip. */
export function IconButton({ icon, label, onClick, disabled = false, isExpanded, class: extra = '' }: Props) {
  return (
    <button
      type="button"
      class={`icon-button ${extra}`}
      aria-label={label}
      aria-expanded={isExpanded}
      title={label}
      disabled={disabled}
      onClick={onClick}
    >
      <Icon name={icon} />
    </button>
  );
}
