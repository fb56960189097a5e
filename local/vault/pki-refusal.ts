/** Why a PKI secrets engine does not do something, in the server's words. */
export class PkiRefusal extends Error {
  override readonly name = "PkiRefusal";
  readonly status: number;

  constructor(text: string, status = 400) {
    super(text);
    this.status = status;
  }
}

/** As the engine writes errors that come from deep within. */
export function deep(text: string): PkiRefusal {
  return new PkiRefusal(`1 error occurred:\n\t* ${text}\n\n`, 500);
}
