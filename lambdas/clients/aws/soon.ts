/** A batch is gathered for so long: passes that began together ask at slightly different times. */
const GATHER_MILLISECONDS = 10;

/** When a `DataLoader` sends its batch. */
export function soon(send: () => void): void {
  setTimeout(send, GATHER_MILLISECONDS);
}
