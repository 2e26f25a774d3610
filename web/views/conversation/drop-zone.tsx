import type { ComponentChildren } from 'preact';
import { useState } from 'preact/hooks';
import { useLanguage } from '../common/context.ts';
import { useMostFileBytes } from '../composer/use-most-file-bytes.ts';

type Props = {
  readonly onFiles: (files: File[], most: number) => void;
  readonly children: ComponentChildren;
};

/** A conversation, on which files can be dropped. */
export function DropZone({ onFiles, children }: Props) {
  const { texts } = useLanguage();
  const [isOver, setOver] = useState(false);
  const most = useMostFileBytes();
  const dragged = (event: DragEvent) => {
    if (most === 0 || !event.dataTransfer?.types.includes('Files')) return;
    event.preventDefault();
    setOver(true);
  };
  return (
    <main
      class="conversation"
      onDragOver={dragged}
      onDragLeave={({ relatedTarget, currentTarget }) => {
        if (!currentTarget.contains(relatedTarget as Node | null)) setOver(false);
      }}
      onDrop={(event) => {
        const files = [...(event.dataTransfer?.files ?? [])];
        setOver(false);
        if (files.length === 0 || most === 0) return;
        event.preventDefault();
        onFiles(files, most);
      }}
    >
      {children}
      {isOver && <p class="drop-hint">{texts.composer.dropHere}</p>}
    </main>
  );
}
