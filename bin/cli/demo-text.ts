/** What `drover demo --help` says beyond its options. */
export const DEMO_HELP = `
It starts AWS, Nomad, Consul and Vault as models in this process, with Drover's real functions and the
real SDK clients at work on them over HTTP, and shows as it happens:

  1. a scale-out: the launch hook holds the new instance; Drover makes its credentials; it fetches
     them, proves to Vault who it is and starts its agents; Consul sees it alive, Nomad ready; only
     then is it made eligible and the hook completed
  2. work: service, batch and system tasks are placed on it
  3. its scale-in: ineligible, drained, the hook completed after the last task; and once EC2 says that
     the instance is gone, its entry, its tokens, its parameters and its node go

A line names who speaks; Drover's own are those of its journal, * before what it did. No secret is
printed. The exit code is 1 if anything of this did not happen, if a task was killed, or if anything
of the instance is left in any system.`;

/** What is about to be seen, for who sees it for the first time. */
export const CHAPTERS = {
  launch: `
1  A new instance, and nobody knows yet whether it is what it says.
   A secret in its image or its user data would be a secret of all who can read those. So Drover makes
   what it needs when it is there: a token each for Nomad and Consul that fits its name alone, and a
   secret id of Vault's in a wrapping that opens once. AWS proves who fetches them: the parameter
   can be read by this one instance. If the wrapping was opened before, it says so and stays out.
`,
  work: `
2  It is a member, and eligible: Nomad gives it work.
`,
  terminate: `
3  It has to go: first the work, then the instance, then all that was known of it.
`,
};

export const ENDING =
  "No task was killed: the hook was completed after the last one. Parameter Store, Consul, Vault and\n" +
  "Nomad know nothing of the instance any more.";
