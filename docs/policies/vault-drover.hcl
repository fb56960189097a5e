# What Drover's functions need of Vault or OpenBao, for an AppRole auth method mounted at `approle`
# whose role `drover-node` is the one new nodes log in with. The role that the functions themselves
# log in with has to have this policy.

path "auth/approle/role/drover-node/role-id" {
  capabilities = ["read"]
}

# A secret id leaves Vault in a wrapping only.
path "auth/approle/role/drover-node/secret-id" {
  capabilities     = ["update"]
  min_wrapping_ttl = "1m"
  max_wrapping_ttl = "24h"
}

# The slash makes this a rule of its own: lists have no wrapping.
path "auth/approle/role/drover-node/secret-id/" {
  capabilities = ["list"]
}

path "auth/approle/role/drover-node/secret-id-accessor/lookup" {
  capabilities = ["update"]
}

path "auth/approle/role/drover-node/secret-id-accessor/destroy" {
  capabilities = ["update"]
}

# Drover looks whose a token is, and revokes those of nodes that are gone.
path "auth/token/lookup-accessor" {
  capabilities = ["update"]
}

path "auth/token/revoke-accessor" {
  capabilities = ["update"]
}

# Short-lived tokens for Nomad and Consul, where `tokenFromVault` is configured.
path "nomad/creds/drover" {
  capabilities = ["read"]
}

path "consul/creds/drover" {
  capabilities = ["read"]
}
