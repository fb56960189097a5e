import { describe, expect, test } from "vitest";
import { clientOf } from "./at-work.ts";
import type { Cluster } from "./cluster.ts";

interface Claims {
  readonly nomad_node_name: string;
  readonly nomad_node_pool: string;
  readonly iat: number;
  readonly exp: number;
}

function claimsOf(token: { readonly jwt: string } | "unsupported"): Claims {
  if (token === "unsupported") throw new Error("this Nomad is older than 1.11");
  const payload = token.jwt.split(".")[1] ?? "";
  return JSON.parse(Buffer.from(payload, "base64url").toString()) as Claims;
}

export function introductionContract(cluster: () => Cluster): void {
  describe("introduction tokens", () => {
    test("are for one name and one pool, for the time asked for", async () => {
      const nomad = clientOf(cluster(), await cluster().createToken("nowhere"));
      const claims = claimsOf(await nomad.introductionToken("i-00000000000abc009", "gpu", 90));
      expect(claims).toMatchObject({
        nomad_node_name: "i-00000000000abc009",
        nomad_node_pool: "gpu",
      });
      expect(claims.exp - claims.iat).toBe(90);
    });

    test("last for half an hour at most, whatever was asked for", async () => {
      const claims = claimsOf(await clientOf(cluster()).introductionToken("a", "default", 86_400));
      expect(claims.exp - claims.iat).toBe(1_800);
    });

    test("need node:write", async () => {
      const denied = { name: "PortError", kind: "denied" };
      for (const token of ["", await cluster().createToken("looking")]) {
        const asked = clientOf(cluster(), token).introductionToken("a", "default", 60);
        await expect(asked).rejects.toMatchObject(denied);
      }
    });
  });
}
