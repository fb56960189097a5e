/**
 * Options for every SDK client of a function: three tries with jitter between them, and no waiting
 * on a dead socket for longer than a pass can afford.
 */
export const AWS_CLIENT_OPTIONS = {
  maxAttempts: 3,
  retryMode: "standard",
  requestHandler: { connectionTimeout: 1_000, requestTimeout: 5_000, throwOnRequestTimeout: true },
} as const;
