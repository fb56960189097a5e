# What rotate-tokens needs of Vault or OpenBao, for the role that it logs in with. Keep the parts for what you
# rotate, once for each role of yours.

# When the secret id ends that rotate-tokens itself logs in with, as role `rotate` (`method: approle`).
path "auth/approle/role/rotate/secret-id/lookup" {
  capabilities = ["update"]
}

# Kind vault-token, of the token role `nomad-server`. The role has to have `orphan`, `token_period` and
# `allowed_policies`: with none allowed, the tokens would have Drover's own policies.
path "auth/token/create/nomad-server" {
  capabilities = ["update"]
}

path "auth/token/roles/nomad-server" {
  capabilities = ["read"]
}

# Whether the token in the secret lives.
path "auth/token/lookup" {
  capabilities = ["update"]
}

# Kinds vault-token and vault-secret-id: the old token, and what a test has logged in with.
path "auth/token/revoke-accessor" {
  capabilities = ["update"]
}

# A token whose making broke off, or the test that has logged in with it, is found among all of them, by its
# metadata.
path "auth/token/accessors/" {
  capabilities = ["list", "sudo"]
}

path "auth/token/lookup-accessor" {
  capabilities = ["update"]
}

# Kind vault-secret-id, of the role `backup` of the AppRole auth method at `approle`. Drover chooses the
# secret id, so that it is in the secret before it opens anything.
path "auth/approle/role/backup/role-id" {
  capabilities = ["read"]
}

path "auth/approle/role/backup/custom-secret-id" {
  capabilities = ["update"]
}

path "auth/approle/role/backup/secret-id/lookup" {
  capabilities = ["update"]
}

path "auth/approle/role/backup/secret-id/" {
  capabilities = ["list"]
}

path "auth/approle/role/backup/secret-id-accessor/lookup" {
  capabilities = ["update"]
}

path "auth/approle/role/backup/secret-id-accessor/destroy" {
  capabilities = ["update"]
}

# With `wrapped`, too: whether a wrapping was opened is asked by auth/token/lookup-accessor, as above. Vault's policy
# `default` allows to make one (sys/wrapping/wrap); a role with `token_no_default_policy` has to be given that.

# Kind vault-certificate, of the role `nomad-client` of the PKI secrets engine at `pki`. The role has to have
# `allowed_uri_sans` with `drover://*`. Certificates are read by their serial number without any policy.
path "pki/issue/nomad-client" {
  capabilities = ["update"]
}

path "pki/roles/nomad-client" {
  capabilities = ["read"]
}

# The CAs that consumers are to trust: former ones and coming ones, too.
path "pki/issuer/+" {
  capabilities = ["read"]
}

# One whose making broke off is found among all of them, by its mark.
path "pki/certs/" {
  capabilities = ["list"]
}

path "pki/revoke" {
  capabilities = ["update"]
}

# Kind vault-ca, of the PKI secrets engine at `pki`: a root of its own, or one that the engine at `pki-root` signs.
# Whoever may do this decides whom the agents trust. Issuers are read as for vault-certificate, and what a test
# has issued is revoked as there.
path "pki/root/rotate/internal" {
  capabilities = ["update"]
}

path "pki/intermediate/generate/internal" {
  capabilities = ["update"]
}

path "pki/intermediate/set-signed" {
  capabilities = ["update"]
}

path "pki-root/root/sign-intermediate" {
  capabilities = ["update"]
}

path "pki-root/revoke" {
  capabilities = ["update"]
}

# The test of a new one.
path "pki/issuer/+/issue/nomad-client" {
  capabilities = ["update"]
}

# Which one issues.
path "pki/config/issuers" {
  capabilities = ["read", "update"]
}

path "pki/issuer/+/revoke" {
  capabilities = ["update"]
}

# A key without a CA, when making one broke off. The key of a CA can't be deleted.
path "pki/keys/" {
  capabilities = ["list"]
}

path "pki/key/+" {
  capabilities = ["delete"]
}

# Kind vault-barrier-key.
path "sys/key-status" {
  capabilities = ["read"]
}

path "sys/rotate" {
  capabilities = ["update", "sudo"]
}
