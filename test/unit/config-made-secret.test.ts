import { expect, it } from "vitest";
import { Rotate } from "../../lambdas/contracts/config/rotate.ts";

const READER = "arn:aws:iam::123456789012:role/backup";
const OPERATOR = "arn:aws:iam::123456789012:user/ops/ann";
const MAKE = { readers: [READER], operators: [OPERATOR] };
const LOGIN = { name: "login", kind: "vault-secret-id", role: "backup", secret: "backup/login" };

/** What is wrong with a secret that the stack is to make, as "field: why". */
function complaints(change: object): string[] {
  const { error } = Rotate.safeParse({ of: [{ ...LOGIN, make: MAKE, ...change }] });
  return (error?.issues ?? []).map(({ path, message }) => `${path.slice(2).join(".")}: ${message}`);
}

it("a secret that the stack makes has a name, and somebody who can mend it", () => {
  expect(complaints({})).toEqual([]);
  expect(complaints({ make: { operators: [OPERATOR] } })).toEqual([]);
  const arn = "arn:aws:secretsmanager:eu-central-1:123456789012:secret:login-AbCdEf";
  expect(complaints({ secret: arn })).toEqual([
    "secret: must be a name and no ARN: with make the stack makes the secret, and AWS the end of its ARN",
  ]);
  expect(complaints({ secret: "a b" })).toEqual([
    "secret: must be letters, digits and /_+=.@-, for the stack makes a secret of that name",
  ]);
  expect(complaints({ make: { readers: [READER], operators: [] } })).toEqual([
    "make.operators: must name somebody, or nobody could mend it",
  ]);
  expect(complaints({ make: { readers: [READER] } }).join()).toMatch(/^make\.operators: /);
});

it.each(["backup", "*", "arn:aws:iam::123456789012:root", "arn:aws:iam::123456789012:role/*"])(
  "%s is no reader and no operator of it",
  (wrong) => {
    for (const whose of ["readers", "operators"]) {
      expect(complaints({ make: { ...MAKE, [whose]: [wrong] } }).join()).toMatch(
        new RegExp(`^make\\.${whose}\\.0: must be the ARN of a role or a user`),
      );
    }
  },
);
