import { type TimelineLine, timelineLine } from "./timeline.ts";

/** Those who are listened to are heard at most so late. */
const LATE_MILLISECONDS = 600;

/** Prints what several tell, each at its own pace, in the order in which it happened. */
export class Chronicle {
  readonly #beganAt: Date;
  readonly #print: (text: string) => void;
  #lines: TimelineLine[] = [];

  constructor(beganAt: Date, print: (text: string) => void) {
    this.#beganAt = beganAt;
    this.#print = print;
  }

  add(line: TimelineLine): void {
    this.#lines.push(line);
  }

  /** Prints what nothing can come before any more. */
  printSettled(now: Date): void {
    this.#printUntil(now.getTime() - LATE_MILLISECONDS);
  }

  /** Prints all there is, and then a text of its own. */
  chapter(text: string): void {
    this.#printUntil(Number.POSITIVE_INFINITY);
    this.#print(text);
  }

  #printUntil(end: number): void {
    const isDue = ({ at }: TimelineLine) => at.getTime() <= end;
    const due = this.#lines.filter(isDue).sort((a, b) => a.at.getTime() - b.at.getTime());
    this.#lines = this.#lines.filter((line) => !isDue(line));
    for (const line of due) this.#print(timelineLine(line, this.#beganAt));
  }
}
