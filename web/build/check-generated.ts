// Fails when the committed client is not what the committed openapi.json gives.
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const fresh = mkdtempSync(join(tmpdir(), "generated-client-"));
try {
  execFileSync("openapi-ts", { env: { ...process.env, GENERATED_DIR: fresh }, stdio: "pipe" });
  execFileSync("diff", ["--recursive", "--brief", "src/api/generated", fresh], {
    stdio: "inherit",
  });
} catch (error) {
  console.error("src/api/generated differs from openapi.json: run `make contract`.");
  // The generator's own complaint; a difference was printed already.
  if (error instanceof Error && "stderr" in error && error.stderr instanceof Buffer) {
    console.error(error.stderr.toString());
  }
  process.exitCode = 1;
} finally {
  rmSync(fresh, { recursive: true, force: true });
}
