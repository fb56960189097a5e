import { expect, it } from "vitest";
import { redact } from "../../lambdas/domain/join/redact.ts";

const SECRETS = [
  "hvs.CAESIJ3exampleexampleexampleexample",
  "s.8wDq9examplexxxxxxxxxxxxx",
  "eyJhbGciOiJSUzI1NiIsImtpZCI6IjEifQ.eyJhdWQiOiJub21hZCJ9.c2lnbmF0dXJl",
  "5a5b8c1e-0f7e-4d57-9d4b-0c2f6f1f2a3b",
  "AKIAIOSFODNN7EXAMPLE",
  "correct-horse-battery",
];

it("takes out of a console's output what looks like a secret, and leaves the rest", () => {
  const output = [
    "cloud-init: starting the Nomad client",
    `export VAULT_TOKEN=${SECRETS[0]}`,
    `unwrapped with ${SECRETS[1]}`,
    `intro token: "${SECRETS[2]}"`,
    `consul acl ${SECRETS[3]} not found`,
    `key ${SECRETS[4]}`,
    `password=${SECRETS[5]}`,
    "nomad: error: no route to host",
  ].join("\n");
  const redacted = redact(output);
  for (const secret of SECRETS) expect(redacted).not.toContain(secret);
  expect(redacted.split("\n")).toHaveLength(8);
  expect(redacted).toContain("cloud-init: starting the Nomad client");
  expect(redacted).toContain("nomad: error: no route to host");
  expect(redacted).toContain("consul acl [redacted] not found");
});
