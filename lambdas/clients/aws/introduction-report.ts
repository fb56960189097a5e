import { IntroductionReport, NO_REPORT_YET } from "../../contracts/introduction.ts";
import { parseQuietly } from "../quiet-json.ts";

/**
 * The report in a parameter's text, or undefined when it holds none (yet).
 * @param warn hears of what is no report, without the text.
 */
export function readReport(
  name: string,
  text: string,
  warn: (text: string) => void,
): IntroductionReport | undefined {
  if (text === NO_REPORT_YET) return undefined;
  const result = IntroductionReport.safeParse(parseQuietly(text));
  if (result.success) return result.data;
  const want = '{"vaultTokenAccessor":"…"} or {"intercepted":"…"} as a plain String';
  warn(`parameter ${name} is no report of an instance and counts as none: it must hold ${want}`);
  return undefined;
}
