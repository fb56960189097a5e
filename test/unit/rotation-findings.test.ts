import { describe, expect, it } from "vitest";
import { RotationName } from "../../lambdas/contracts/config/rotate.ts";
import { VirtualClock } from "../../local/clock.ts";
import { Moments } from "../../local/demo/moments.ts";
import {
  accessorsOf,
  type RotationFindings,
  troublesOf,
} from "../../local/demo/rotation-findings.ts";
import { noteSaid } from "../../local/demo/watch-rotation.ts";
import { VaultModel } from "../../local/vault/model.ts";

const NOW = new Date("2026-01-01T00:00:00Z");

const well: RotationFindings = {
  name: RotationName.parse("nomad-vault-token"),
  moments: new Moments([]),
  consumer: { refusals: [] },
  old: "old",
  living: ["new"],
  recorded: ["new"],
};

describe("the demo's judgement on a rotation", () => {
  it.each([
    ["nothing", {}, []],
    [
      "a consumer that was refused",
      { consumer: { refusals: ["GET secret/data/nomad was answered 403"] } },
      ["the consumer of nomad-vault-token was refused: GET secret/data/nomad was answered 403"],
    ],
    [
      "an old token that lives",
      { living: ["new", "old"] },
      ["the old token of nomad-vault-token lives still: old"],
    ],
    [
      "a token that no record knows",
      { living: ["new", "lost"] },
      ["of nomad-vault-token these live, and its record has none: lost"],
    ],
    [
      "a record of a dead one",
      { living: [] },
      ["the record of nomad-vault-token has what is dead: new"],
    ],
    [
      "what never happened",
      { moments: new Moments(["taken", "oldDead"]) },
      [
        "of nomad-vault-token this never happened: its consumer took the new one, " +
          "Vault knew the old one no more",
      ],
    ],
  ])("finds %s", (_what, change: Partial<RotationFindings>, troubles) => {
    expect(troublesOf({ ...well, ...change })).toEqual(troubles);
  });

  it("counts every token but those of logins", () => {
    const vault = new VaultModel(new VirtualClock());
    vault.createToken({ policies: [], path: "auth/approle/login" });
    const token = vault.createToken({ policies: [], path: "auth/token/create/nomad-server" });
    const [root, made] = [vault.rootToken, token].map((id) => vault.tokens.find(id)?.accessor);
    expect(accessorsOf(vault.liveTokens())).toEqual([root, made]);
  });

  it("takes from Drover's journal what nobody else tells", () => {
    const moments = new Moments(["tested", "useSeen", "graced", "oldRevoked"]);
    noteSaid(["waits: the new one works not"], moments, NOW);
    expect(moments.missing()).toHaveLength(4);
    const lines = [
      "the new one works",
      "its consumer uses the new one: renewed at 2026-01-01T00:00:00.000Z",
      "waits: the one before lives on until 2026-01-01T01:00:00.000Z",
      "revoked old",
    ];
    noteSaid(lines, moments, NOW);
    expect(moments.missing()).toEqual([]);
  });
});
