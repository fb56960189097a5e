/** A batch is gathered for so long: passes that began together ask at slightly different times. */
const GATHER_MILLISECONDS = 10;

/** Calls `send` when a `DataLoader` is to send its batch. */
export type WhenToSend = (send: () => void) => void;

/** When a `DataLoader` sends its batch. */
export function soon(send: () => void): void {
  setTimeout(send, GATHER_MILLISECONDS);
}
