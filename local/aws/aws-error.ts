/** An error answer of AWS: its code and message as a client sees them. */
export class AwsError extends Error {
  override readonly name = "AwsError";
  readonly code: string;
  readonly status: number;

  constructor(code: string, message: string, status = 400) {
    super(message);
    this.code = code;
    this.status = status;
  }
}

/** Auto Scaling's answer to nearly everything it does not like. */
export function validationError(message: string): AwsError {
  return new AwsError("ValidationError", message);
}
