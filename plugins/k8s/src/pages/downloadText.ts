/** Gives the browser's user a file with the text. */
export function downloadText(
  text: string,
  options: { name: string; type: string },
): void {
  const url = URL.createObjectURL(new Blob([text], { type: options.type }));
  const link = document.createElement('a');
  link.href = url;
  link.download = options.name;
  link.click();
  // The download has begun with the click; the text need not be kept for it.
  setTimeout(() => URL.revokeObjectURL(url), 0);
}
