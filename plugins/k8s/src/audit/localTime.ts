const MINUTE_MS = 60_000;

/** A moment as an `input type="datetime-local"` takes it; empty for the empty string and for what is no time. */
export function toLocalInput(at: string): string {
  const time = Date.parse(at);
  if (Number.isNaN(time)) return '';
  const offset = new Date(time).getTimezoneOffset() * MINUTE_MS;
  return new Date(time - offset).toISOString().slice(0, 16);
}

/** What such an input holds as RFC 3339; empty while it is incomplete. */
export function fromLocalInput(text: string): string {
  const time = Date.parse(text);
  return Number.isNaN(time) ? '' : new Date(time).toISOString();
}
