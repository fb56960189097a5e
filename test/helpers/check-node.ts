// Optional dependencies fail silently: without the bundled Node 24 everything below would run on
// whatever the machine has. Say so at once.
const major = Number(process.versions.node.split(".")[0]);
if (major < 24) {
  console.error(
    `Drover needs Node 24, this is ${process.version}. Run "npm ci" (it brings Node 24 for Linux as an optional dependency), or install Node 24 yourself.`,
  );
  process.exit(1);
}
