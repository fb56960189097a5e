/** The Auto Scaling group Drover is configured to look after. */
export const GROUP = "nomad-clients";
/** Another one, whose instances have little time to come up. */
export const HASTY_GROUP = "nomad-clients-hasty";
export const HASTY_JOIN_SECONDS = 40;
/** Another one, whose nodes are given up soon. */
export const HEALING_GROUP = "nomad-clients-healing";
export const TOLERANCE_SECONDS = 120;
/** The secret with Drover's Nomad token. */
export const TOKEN_SECRET = "drover/nomad-token";
/** The secret with Drover's Consul token. */
export const CONSUL_SECRET = "drover/consul-token";
/** The secret with what Drover logs in to Vault with. */
export const VAULT_SECRET = "drover/vault-login";
