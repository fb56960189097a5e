/** What `drover local --help` says beyond its options. */
export const LOCAL_HELP = `
In another shell, with the variables that it prints:

  aws autoscaling set-desired-capacity --auto-scaling-group-name nomad-clients --desired-capacity 4
  aws autoscaling terminate-instance-in-auto-scaling-group \\
    --instance-id i-00000000000abc000 --should-decrement-desired-capacity
  npx drover history i-00000000000abc000 --follow
  npx drover nodes
  npx drover rotations
  npx drover rotate server-token --follow

--config says which groups there are, and what is rotated:

  groups:
    - name: nomad-clients
      instances: [i-00000000000abc000, i-00000000000abc001]    # in service from the first
      heartbeatTimeoutSeconds: 300      # of the launch hook and of the terminate hook
      drain: { timeoutSeconds: 900 }    # as in Drover's own configuration
      join: { timeoutSeconds: 120 }     # likewise
      machines: { bootSeconds: 5, failure: no-nomad }          # of instances launched later

  rotate:                               # without it, nothing is
    lookSeconds: 300                    # from one look at all of them to the next; the first is at once
    of:                                 # as in Drover's own configuration: docs/rotate.md
      - name: server-token
        kind: vault-token
        role: nomad-server              # this one; of a vault-secret-id, backup
        secret: nomad/vault-token       # gets a first value
        testPath: secret/data/nomad
        startedBy: schedule             # Secrets Manager's own schedules are not there
        consumerRenews: false           # unless you do
        graceSeconds: 10

A failure is one of never-boots, no-nomad, wrong-pool, wrong-version, no-consul, consul-critical,
introduction-intercepted.

Real servers take the models' places by the variables of their own command lines. Nothing is
changed on them but what Drover does, and what is said here. What the instances that are left have
there when it ends, entries and tokens, stays.

  NOMAD_ADDR        with NOMAD_TOKEN, NOMAD_REGION, NOMAD_CACERT, NOMAD_CLIENT_CERT, NOMAD_CLIENT_KEY.
                    Its clients are yours: the instance ids in --config are those they run on, and a
                    launched instance waits for a client that has its id as its name.
  CONSUL_HTTP_ADDR  with CONSUL_HTTP_TOKEN, CONSUL_CACERT, CONSUL_CLIENT_CERT, CONSUL_CLIENT_KEY. The
                    token is Drover's: docs/join.md says what it has to be allowed. With CONSUL_BIN, the
                    path of a consul, each instance has a real agent, a process here, which joins that
                    server; it must reach 127.0.0.1 and use no gossip key. Without, agents are stood in
                    for: each instance is written into the catalog with its own token, and with the
                    serfHealth that an agent would have, while Serf itself knows nothing of it.
  VAULT_ADDR        with VAULT_TOKEN, VAULT_NAMESPACE, VAULT_CACERT, VAULT_CLIENT_CERT, VAULT_CLIENT_KEY;
                    of a Vault or an OpenBao. The token is an operator's: with it AppRole is enabled at
                    approle/, and the policy drover and the roles drover and drover-node are written,
                    over what has these names. They are left there; what Drover logs in with runs out
                    after a day. For the section rotate the policies rotate and user, the roles rotate
                    and backup, the token role nomad-server and secret/nomad are written likewise.

The variables printed lead drover nodes to the models. DROVER_LOCAL_MODELS among them says that they
are models, so that drover local, started in such a shell, does not take them for real servers.`;
