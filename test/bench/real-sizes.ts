/**
 * The model's answers have the fields that Drover reads. Real ones have many more, and to read them takes
 * time and memory: here they get as much as a common node has.
 */
const WIDER: readonly (readonly [string, string])[] = [
  ['"Drivers":{}', `"Drivers":${JSON.stringify(drivers())}`],
  [
    '"TaggedAddresses":null,"Meta":null',
    `"TaggedAddresses":${JSON.stringify(addresses())},"Meta":${JSON.stringify(meta())}`,
  ],
  ["<HealthStatus>Healthy</HealthStatus>", groupMember()],
  ["<rootDeviceType>ebs</rootDeviceType>", instance()],
];

/** An answer of the model, as long as a real one. */
export function widened(body: string): string {
  return WIDER.reduce((text, [short, long]) => text.replaceAll(short, long), body);
}

function drivers() {
  const docker = {
    "driver.docker": "true",
    "driver.docker.bridge_ip": "172.17.0.1",
    "driver.docker.os_type": "linux",
    "driver.docker.privileged.enabled": "false",
    "driver.docker.runtimes": "io.containerd.runc.v2,runc",
    "driver.docker.version": "28.3.3",
    "driver.docker.volumes.enabled": "true",
  };
  const names = ["docker", "exec", "exec2", "java", "qemu", "raw_exec"];
  const driver = (name: string) => ({
    Attributes: name === "docker" ? docker : { [`driver.${name}`]: "true" },
    Detected: name === "docker",
    HealthDescription: name === "docker" ? "Healthy" : "driver must run as root",
    Healthy: name === "docker",
    UpdateTime: "2026-01-01T00:00:00.000000000Z",
  });
  return Object.fromEntries(names.map((name) => [name, driver(name)]));
}

function addresses() {
  const address = "10.0.0.1";
  return { lan: address, lan_ipv4: address, wan: address, wan_ipv4: address };
}

function meta() {
  return {
    "consul-network-segment": "",
    "consul-version": "1.22.0",
    "availability-zone": "eu-central-1a",
    "instance-type": "m7g.4xlarge",
  };
}

function groupMember(): string {
  const template =
    "<LaunchTemplateId>lt-00000000000000000</LaunchTemplateId>" +
    "<LaunchTemplateName>nomad-clients</LaunchTemplateName><Version>42</Version>";
  return (
    "<HealthStatus>Healthy</HealthStatus><InstanceType>m7g.4xlarge</InstanceType>" +
    `<LaunchTemplate>${template}</LaunchTemplate>`
  );
}

function instance(): string {
  const item = (inner: string) => `<item>${inner}</item>`;
  const fields = (values: Record<string, string>) =>
    Object.entries(values)
      .map(([name, value]) => `<${name}>${value}</${name}>`)
      .join("");
  const groups = item(fields({ groupId: "sg-00000000000000000", groupName: "nomad-clients" }));
  const address = fields({
    privateIpAddress: "10.0.0.1",
    privateDnsName: "ip-10-0-0-1.eu-central-1.compute.internal",
    primary: "true",
  });
  const attachment = fields({
    attachmentId: "eni-attach-00000000000000000",
    deviceIndex: "0",
    status: "attached",
    attachTime: "2026-01-01T00:00:00.000Z",
    deleteOnTermination: "true",
    networkCardIndex: "0",
  });
  const network = fields({
    networkInterfaceId: "eni-00000000000000000",
    subnetId: "subnet-00000000000000000",
    vpcId: "vpc-00000000000000000",
    ownerId: "111111111111",
    status: "in-use",
    macAddress: "06:00:00:00:00:00",
    privateIpAddress: "10.0.0.1",
    privateDnsName: "ip-10-0-0-1.eu-central-1.compute.internal",
    sourceDestCheck: "true",
    interfaceType: "interface",
    groupSet: groups,
    attachment,
    privateIpAddressesSet: item(address),
  });
  const volume = (deviceName: string) =>
    item(
      fields({
        deviceName,
        ebs: fields({
          volumeId: "vol-00000000000000000",
          status: "attached",
          attachTime: "2026-01-01T00:00:00.000Z",
          deleteOnTermination: "true",
        }),
      }),
    );
  return fields({
    rootDeviceType: "ebs",
    imageId: "ami-00000000000000000",
    instanceType: "m7g.4xlarge",
    architecture: "arm64",
    amiLaunchIndex: "0",
    subnetId: "subnet-00000000000000000",
    vpcId: "vpc-00000000000000000",
    rootDeviceName: "/dev/xvda",
    virtualizationType: "hvm",
    hypervisor: "xen",
    ebsOptimized: "false",
    enaSupport: "true",
    sourceDestCheck: "true",
    monitoring: fields({ state: "disabled" }),
    cpuOptions: fields({ coreCount: "16", threadsPerCore: "1" }),
    metadataOptions: fields({
      state: "applied",
      httpTokens: "required",
      httpPutResponseHopLimit: "2",
      httpEndpoint: "enabled",
      httpProtocolIpv6: "disabled",
      instanceMetadataTags: "disabled",
    }),
    iamInstanceProfile: fields({
      arn: "arn:aws:iam::111111111111:instance-profile/nomad-clients",
      id: "AIPA00000000000000000",
    }),
    groupSet: groups,
    networkInterfaceSet: item(network),
    blockDeviceMapping: volume("/dev/xvda") + volume("/dev/xvdb"),
    privateDnsNameOptions: fields({
      hostnameType: "ip-name",
      enableResourceNameDnsARecord: "false",
      enableResourceNameDnsAAAARecord: "false",
    }),
    maintenanceOptions: fields({ autoRecovery: "default", rebootMigration: "default" }),
    enclaveOptions: fields({ enabled: "false" }),
    hibernationOptions: fields({ configured: "false" }),
    capacityReservationSpecification: fields({ capacityReservationPreference: "open" }),
  });
}
