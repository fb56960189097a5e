/** How much of something it takes for an alarm. */
export type AlarmLimit =
  | {
      readonly atLeast: number;
      /** Minutes of the last five in which it has to be so. @default - once is enough */
      readonly minutesOfFive?: number;
    }
  /** So much in so many minutes, for what is counted less often than every minute. */
  | { readonly atLeast: number; readonly withinMinutes: number }
  /** Nothing was measured for so long. For all others silence is health. */
  | { readonly silentMinutes: number };
