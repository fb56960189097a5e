import type { IntroductionParameter } from "../../contracts/introduction.ts";
import { nodeName } from "../node-name.ts";
import type { Pass } from "../pass.ts";
import { next, type Step } from "../step.ts";
import { missing } from "./missing.ts";

/**
 * Gives the instance what its agents need to be let in, once: a token to introduce itself to Nomad, a
 * Consul token with its identity, a wrapped secret id of Vault. Until it is whole it is not there at
 * all, since it is one parameter; and each part is found again, or destroyed, before it is made anew.
 */
export const introduce: Step = {
  name: "introduce",
  async run(pass) {
    const { introductions } = pass.ports;
    if (!introductions || pass.joining.introduced || pass.isInService) return next;
    const name = await nodeName(pass);
    if (!name) return missing(pass, "EC2 does not tell the instance's host name yet");
    const done = await pass.act("handed it its introduction", async () => {
      // Of a pass that died, or of an earlier way out of the warm pool.
      if (await introductions.has(pass.instanceId)) return "found";
      const introduction = await make(pass, name);
      await introductions.put(pass.instanceId, introduction);
      pass.saw(`its introduction holds ${contents(introduction)}`);
      return "done";
    });
    if (done === "held back") return next;
    if (done === "found") pass.saw("it has an introduction already, which is kept");
    pass.join({ introduced: { at: pass.now }, wrapping: undefined });
    return next;
  },
};

// The order: what leaves nothing behind, what is found again, what has to be destroyed.
async function make(pass: Pass, name: string): Promise<IntroductionParameter> {
  const nomadIntroductionToken = await nomadToken(pass, name);
  const consulToken = await nodeToken(pass, name);
  const vault = await wrappedSecretId(pass);
  return {
    nodeName: name,
    ...(nomadIntroductionToken && { nomadIntroductionToken }),
    ...(consulToken && { consulToken }),
    ...(vault && { vault }),
  };
}

async function nomadToken(pass: Pass, name: string): Promise<string | undefined> {
  const nomad = pass.config.introduction?.nomad;
  if (!nomad) return undefined;
  const { nodePool } = pass.joinPolicy;
  const token = await pass.ports.nomad.introductionToken(name, nodePool, nomad.ttlSeconds);
  if (token !== "unsupported") return token.jwt;
  pass.saw("Nomad is older than 1.11 and makes no introduction tokens: it joins without one");
  return undefined;
}

async function nodeToken(pass: Pass, name: string): Promise<string | undefined> {
  const { consul } = pass.ports;
  if (!consul || !pass.config.introduction?.consul) return undefined;
  return consul.issueNodeToken(pass.record.nodeId, name);
}

// A secret id can't be found again: what an attempt that failed may have made is destroyed first.
async function wrappedSecretId(pass: Pass): Promise<IntroductionParameter["vault"]> {
  const { vault } = pass.ports;
  const ttlSeconds = pass.config.introduction?.vault?.ttlSeconds;
  if (!vault || !ttlSeconds) return undefined;
  const { nodeId, lease } = pass.record;
  if (pass.joining.wrapping || lease?.tookOver) await vault.destroySecretIds(nodeId);
  pass.join({ wrapping: true });
  const { wrappingToken, ...rest } = await vault.wrapSecretId(nodeId, ttlSeconds);
  return { ...rest, wrappedSecretId: wrappingToken };
}

function contents({ nomadIntroductionToken, consulToken, vault }: IntroductionParameter): string {
  const parts = [
    nomadIntroductionToken && "an introduction token of Nomad's",
    consulToken && "a Consul token with its identity",
    vault && "a wrapped secret id of Vault's",
  ];
  return parts.filter(Boolean).join(", ") || "its name alone";
}
