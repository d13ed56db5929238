import { useEffect, useRef, useState } from 'react';
import type { RefObject } from 'react';

function holdsFiles(event: DragEvent): boolean {
  return event.dataTransfer?.types.includes('Files') ?? false;
}

/**
 * Takes a file wherever on the page it is dropped, since beside the field the browser would leave the page for it; only while
 * the field can be used.
 *
 * @returns whether a file is being dragged over the page
 */
export function useFileDrop(
  field: RefObject<HTMLElement>,
  onFile: (file: File) => void,
): boolean {
  const [isOver, setOver] = useState(false);
  const latest = useRef(onFile);
  latest.current = onFile;
  useEffect(() => {
    const isUsable = (event: DragEvent) =>
      holdsFiles(event) && !field.current?.closest('fieldset:disabled');
    const onDragOver = (event: DragEvent) => {
      if (!isUsable(event)) return;
      // Without it nothing can be dropped.
      event.preventDefault();
      setOver(true);
    };
    const onDragLeave = (event: DragEvent) => {
      // From one element to the next is not off the page.
      if (event.relatedTarget === null) setOver(false);
    };
    const onDrop = (event: DragEvent) => {
      setOver(false);
      if (!isUsable(event)) return;
      event.preventDefault();
      const file = event.dataTransfer?.files[0];
      if (file) latest.current(file);
    };
    document.addEventListener('dragover', onDragOver);
    document.addEventListener('dragleave', onDragLeave);
    document.addEventListener('drop', onDrop);
    return () => {
      document.removeEventListener('dragover', onDragOver);
      document.removeEventListener('dragleave', onDragLeave);
      document.removeEventListener('drop', onDrop);
    };
  }, [field]);
  return isOver;
}
