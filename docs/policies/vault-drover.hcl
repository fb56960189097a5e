# What Drover's functions need of Vault or OpenBao, for an AppRole auth method mounted at `approle`
# whose role `drover-node` is the one new nodes log in with. The role that the functions themselves
# log in with has to have this policy.

path "auth/approle/role/drover-node/role-id" {
  capabilities = ["read"]
}

# A secret id leaves Vault in a wrapping only. Drover chooses it, so that it can destroy what it could
# not hand on.
path "auth/approle/role/drover-node/custom-secret-id" {
  capabilities     = ["update"]
  min_wrapping_ttl = "1m"
  max_wrapping_ttl = "24h"
}

path "auth/approle/role/drover-node/secret-id/destroy" {
  capabilities = ["update"]
}

# What an attempt that broke off may have left is found among all of them, and destroyed by accessor.
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

# When the secret id ends that Drover itself logs in with, as role `drover` (`method: approle`): it is asked for
# where the configuration has the section `rotate`.
path "auth/approle/role/drover/secret-id/lookup" {
  capabilities = ["update"]
}

# Short-lived tokens for Nomad and Consul, where `tokenFromVault` is configured.
path "nomad/creds/drover" {
  capabilities = ["read"]
}

path "consul/creds/drover" {
  capabilities = ["read"]
}
