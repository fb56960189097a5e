import { styleText } from "node:util";

/** A line of a node's history, as `history` and `demo` show it. */
export interface TimelineLine {
  readonly at: Date;
  readonly who: string;
  readonly kind: "saw" | "did" | "would";
  readonly text: string;
}

const MARKS = { saw: " ", did: "*", would: "?" } as const;
const STYLES = { saw: "reset", did: "green", would: "yellow" } as const;

/**
 * One line of a timeline: the time, the seconds since it began, who, and what. In colour on a
 * terminal, plain elsewhere; `*` marks a deed, `?` what observe mode held back.
 */
export function timelineLine({ at, who, kind, text }: TimelineLine, beganAt: Date): string {
  const seconds = ((at.getTime() - beganAt.getTime()) / 1_000).toFixed(1);
  const time = `${at.toISOString().slice(11, 23)} ${`+${seconds}s`.padStart(8)}`;
  return [
    styleText("dim", time),
    styleText("cyan", who.padEnd(18)),
    styleText(STYLES[kind], `${MARKS[kind]} ${text}`),
  ].join("  ");
}
