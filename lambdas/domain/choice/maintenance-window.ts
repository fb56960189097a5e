import { dayName, type MaintenanceWindow } from "../../contracts/config/node-policies.ts";

const DAY = 86_400_000;
/** A week of days, and the one whose window ends today. */
const DAYS_BACK = 1;
const DAYS_AHEAD = 8;

/**
 * When work may begin that has to begin by some time.
 * @returns now, if a window is open or there are none; else when the next one opens, or `latest` if that
 *   is earlier.
 */
export function beginsAt(windows: readonly MaintenanceWindow[], now: Date, latest: Date): Date {
  if (windows.length === 0 || now >= latest) return now;
  const openings = windows.flatMap((window) => openingsOf(window, now));
  const [next = latest] = openings.sort((a, b) => a.getTime() - b.getTime());
  return next < latest ? next : latest;
}

// Those that are still to come; now, where one is open.
function openingsOf(window: MaintenanceWindow, now: Date): Date[] {
  const midnight = Math.floor(now.getTime() / DAY) * DAY;
  const found: Date[] = [];
  for (let day = -DAYS_BACK; day <= DAYS_AHEAD; day++) {
    const start = midnight + day * DAY;
    if (!window.days.includes(dayName(new Date(start).getUTCDay()))) continue;
    const from = start + milliseconds(window.from);
    const to = start + milliseconds(window.to) + (window.to <= window.from ? DAY : 0);
    if (to > now.getTime()) found.push(new Date(Math.max(from, now.getTime())));
  }
  return found;
}

function milliseconds(time: string): number {
  const [hours = 0, minutes = 0] = time.split(":").map(Number);
  return (hours * 60 + minutes) * 60_000;
}
