/** An entry of a batch that failed in an answer of 200, named as the service names the error. */
export class FailedEntry extends Error {
  constructor(code: string, message: string) {
    super(message);
    this.name = code;
  }
}
