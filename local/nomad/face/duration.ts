import { Refusal } from "./call.ts";

const UNITS: Record<string, number> = { ms: 0.001, s: 1, m: 60, h: 3_600 };

/** A Go duration such as `1h30m`, or nanoseconds, in seconds. @throws {Refusal} 400 for what is none. */
export function seconds(duration: unknown): number {
  if (duration === undefined || duration === "") return 0;
  if (typeof duration === "number") return duration / 1e9;
  const parts = [...String(duration).matchAll(/([\d.]+)(ms|s|m|h)/g)];
  if (parts.map(([part]) => part).join("") !== duration) {
    throw new Refusal(400, `time: invalid duration "${duration}"`);
  }
  return parts.reduce((sum, [, count, unit]) => sum + Number(count) * (UNITS[unit ?? ""] ?? 0), 0);
}

/** As Go says it: `1h0m0s`. */
export function goDuration(seconds: number): string {
  const hours = Math.floor(seconds / 3_600);
  const minutes = Math.floor((seconds % 3_600) / 60);
  const rest = `${seconds % 60}s`;
  if (hours > 0) return `${hours}h${minutes}m${rest}`;
  return minutes > 0 ? `${minutes}m${rest}` : rest;
}
