import type { Value } from "./kind.ts";
import type { SecretVersions, Versions } from "./ports.ts";

/**
 * Secrets as one pass reads them: nothing twice. The value of a version is for ever the same, once it has one;
 * which version is what, is read again when this pass has changed it, or has tried to.
 */
export function readOnce(secrets: SecretVersions): SecretVersions {
  const versionsBySecret = new Map<string, Versions>();
  const values = new Map<string, Value>();

  return {
    async versions(secret) {
      const versions = versionsBySecret.get(secret) ?? (await secrets.versions(secret));
      versionsBySecret.set(secret, versions);
      return versions;
    },
    async value(secret, version) {
      const value = values.get(version) ?? (await secrets.value(secret, version));
      if (value) values.set(version, value);
      return value;
    },
    async putNothing(secret) {
      versionsBySecret.delete(secret);
      await secrets.putNothing(secret);
    },
    async putPending(secret, version, value) {
      versionsBySecret.delete(secret);
      await secrets.putPending(secret, version, value);
      values.set(version, value);
    },
    async promote(secret, version) {
      versionsBySecret.delete(secret);
      await secrets.promote(secret, version);
    },
    async dropPending(secret, version) {
      versionsBySecret.delete(secret);
      await secrets.dropPending(secret, version);
    },
  };
}
