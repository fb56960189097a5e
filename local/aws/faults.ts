import { AwsError } from "./aws-error.ts";

interface Fault {
  readonly error: AwsError;
  left: number;
}

/** Errors to answer with instead of doing what was asked, by IAM action. */
export class Faults {
  readonly #faults = new Map<string, Fault>();

  /** Makes the next `times` calls of an action such as `autoscaling:CompleteLifecycleAction` fail. */
  fail(action: string, error: AwsError, times = Number.POSITIVE_INFINITY): void {
    this.#faults.set(action, { error, left: times });
  }

  throttle(action: string, times?: number): void {
    this.fail(action, new AwsError("Throttling", "Rate exceeded"), times);
  }

  contend(action: string, times?: number): void {
    const text = "You already have a pending update to an Amazon EC2 Auto Scaling resource";
    this.fail(action, new AwsError("ResourceContention", text, 500), times);
  }

  deny(action: string, times?: number): void {
    const text = `User is not authorized to perform: ${action}`;
    this.fail(action, new AwsError("AccessDenied", text, 403), times);
  }

  breakDown(action: string, times?: number): void {
    this.fail(action, new AwsError("ServiceUnavailable", "Service is unavailable", 503), times);
  }

  /** Lets an action, or every action, work again. */
  heal(action?: string): void {
    if (action) this.#faults.delete(action);
    else this.#faults.clear();
  }

  /** @throws {AwsError} when the action is to fail now. */
  check(action: string): void {
    const fault = this.#faults.get(action);
    if (!fault) return;
    fault.left -= 1;
    if (fault.left <= 0) this.#faults.delete(action);
    throw fault.error;
  }
}
