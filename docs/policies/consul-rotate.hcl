# What rotate-tokens needs of Consul: the token of rotate.consul. Keep the parts for what you rotate.

# Kind consul-token. Who may make a token may make any: give it to no other function.
acl = "write"

# Kind consul-gossip-key.
keyring = "write"
