import { expect, it } from "vitest";
import { ownTrust } from "../../lambdas/contracts/config/own-trust.ts";
import { sampleConfig } from "../infra/samples.ts";

it("has each CA of a server once, with all fields that name it, of a rotation's own server, too", () => {
  const config = sampleConfig();
  const ca = config.nomad.tls?.ca ?? expect.fail();
  const field = "nomad.tls.ca, consul.tls.ca, rotate.of (edge-backup-token).server.tls.ca";
  expect(ownTrust(config)).toEqual([{ field, ca }]);
});

it("is nothing where servers are known by public CAs", () => {
  const { nomad, consul: _consul, rotate: _rotate, ...rest } = sampleConfig();
  const { tls: _tls, ...open } = nomad;
  expect(ownTrust({ ...rest, nomad: open })).toEqual([]);
});
