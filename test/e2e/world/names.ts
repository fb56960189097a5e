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
/** The secret with what rotate-tokens logs in to Vault with. */
export const ROTATE_VAULT_SECRET = "drover/vault-rotate-login";
/** The secret with the Consul token that rotate-tokens makes others with. */
export const CONSUL_ROTATE_SECRET = "drover/consul-rotate-token";
/** What Secrets Manager has rotated, and the secret and the parameter that hold it. */
export const ROTATION = "nomad-vault-token";
export const ROTATED_SECRET = "nomad/vault-token";
export const ROTATED_PARAMETER = "/nomad/vault-token";
/** What an operator has rotated, and the secrets that hold it: a secret id of Vault's, and a token of Consul's. */
export const SECRET_ID_ROTATION = "backup-secret-id";
export const SECRET_ID_SECRET = "backup/vault-secret-id";
export const CONSUL_ROTATION = "catalog-reader-token";
export const CONSUL_TOKEN_SECRET = "catalog-reader/consul-token";
/** What begins in a secret that the stack makes, and that secret. */
export const CERTIFICATE_ROTATION = "nomad-certificate";
export const CERTIFICATE_SECRET = "nomad/certificate";
/** How long the former one lives on. */
export const GRACE_SECONDS = 5;
