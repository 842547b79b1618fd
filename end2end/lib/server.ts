// A portal of a worker's own: started with made-up cases in a fresh folder, stopped and cleared away at the end.
import { type ChildProcess, spawn } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

const START_WITHIN_MS = 60_000;
const STOP_WITHIN_MS = 10_000;
/** How many made-up cases the portal starts with: enough for lists of several pages. */
const DEMO_CASES = "300";
/** What the portal said last is shown if it does not start. */
const SHOWN_LINES_AT_MOST = 60;

const root = resolve(dirname(fileURLToPath(import.meta.url)), "../..");
export const binary = resolve(root, process.env["NGHEDAN_BIN"] ?? "target/debug/nghedan");

export class Server {
  /** Where the portal answers, without a slash at the end; stays the same over restarts. */
  url = "";
  /** What the portal printed since its last start, both outputs together. */
  lines: string[] = [];

  private process: ChildProcess | undefined;

  private constructor(
    /** The folder with the portal's database and files. */
    readonly dataDir: string,
    private readonly env: Record<string, string>,
  ) {}

  /** Starts a portal in a fresh folder; `env` holds further settings for it. */
  static async start(env: Record<string, string> = {}): Promise<Server> {
    const server = new Server(await mkdtemp(join(tmpdir(), "nghedan-e2e-")), env);
    await server.launch("127.0.0.1:0");
    return server;
  }

  /** Starts the portal again, on the same data and the same address. */
  async restart(): Promise<void> {
    await this.end("SIGTERM");
    await this.launch(new URL(this.url).host);
  }

  /** Goes so many days ahead of the real day: whoever has signed in must do so again, and every period runs on. */
  async daysAhead(days: number): Promise<void> {
    this.env["NGHEDAN_DEMO_DAYS_AHEAD"] = String(days);
    await this.restart();
  }

  /** Takes the portal down as a power cut would. */
  async kill9(): Promise<void> {
    await this.end("SIGKILL");
  }

  /** Stops the portal and clears its folder away. */
  async stop(): Promise<void> {
    await this.end("SIGTERM");
    await rm(this.dataDir, { recursive: true, force: true });
  }

  private async launch(listen: string): Promise<void> {
    this.lines = [];
    const child = spawn(binary, ["serve", "--demo", "--data", this.dataDir, "--listen", listen], {
      cwd: root,
      // All journeys come from one address; the one about limits takes this away.
      env: { ...process.env, NGHEDAN_DEMO_CASES: DEMO_CASES, NGHEDAN_UNLIMITED_FROM: "127.0.0.1", ...this.env },
      stdio: ["ignore", "pipe", "pipe"],
    });
    this.process = child;
    this.url = await new Promise<string>((found, failed) => {
      const fail = (why: string) => failed(new Error(`${binary} ${why}\n${this.lines.slice(-SHOWN_LINES_AT_MOST).join("\n")}`));
      const late = setTimeout(() => fail(`does not listen after ${START_WITHIN_MS} ms`), START_WITHIN_MS);
      child.once("error", (error) => fail(`cannot be started: ${error.message}`));
      child.once("exit", (code) => fail(`ended with ${code}`));
      for (const output of [child.stdout, child.stderr]) {
        createInterface({ input: output }).on("line", (line) => {
          this.lines.push(line);
          const address = /^listening on (http:\/\/\S+?)\/?$/.exec(line)?.[1];
          if (address) {
            clearTimeout(late);
            found(address);
          }
        });
      }
    });
  }

  private async end(signal: NodeJS.Signals): Promise<void> {
    const child = this.process;
    this.process = undefined;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const ended = new Promise((resolve) => child.once("exit", resolve));
    child.kill(signal);
    const late = setTimeout(() => child.kill("SIGKILL"), STOP_WITHIN_MS);
    await ended;
    clearTimeout(late);
  }
}
