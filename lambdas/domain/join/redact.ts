/**
 * What looks like a secret in text that a machine wrote: tokens of Vault and OpenBao, JWTs, UUIDs (as
 * Consul's and Nomad's tokens are), PEM blocks, access keys of AWS, and whatever follows a word for a
 * secret.
 */
const SECRETS: readonly RegExp[] = [
  /\b(?:hv[sbr]|[sbr])\.[A-Za-z0-9_-]{20,}/g,
  /\beyJ[\w-]{8,}\.[\w-]+\.[\w-]*/g,
  /\b[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b/gi,
  /-----BEGIN [^-]+-----[\s\S]*?(?:-----END [^-]+-----|$)/g,
  /(?<=\bbearer\s+)\S+/gi,
  /\b(?:AKIA|ASIA)[A-Z0-9]{16}\b/g,
  /(?<=(?:token|secret|password|passwd|credential|encrypt)s?["']?\s*[=:]\s*)["']?[^\s"',]{6,}/gi,
];

/** The text without what looks like a secret. */
export function redact(text: string): string {
  return SECRETS.reduce((rest, secret) => rest.replace(secret, "[redacted]"), text);
}
