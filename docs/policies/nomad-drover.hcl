# What Drover's functions need of Nomad: the token that nomad.tokenSecret or nomad.tokenFromVault gives.

node {
  policy = "write"
}

# While the servers have no leader or no quorum, Drover does nothing of its own choice.
operator {
  policy = "read"
}

# Anything narrower hides allocations. With a smoke job, add "submit-job" in its namespace.
namespace "*" {
  capabilities = ["read-job"]
}
