#!/usr/bin/env python3
"""Compares what tlsfuzzer makes of the packaged sample application with and without the starter.

  docs/tlsfuzzer/run.py DIRECTORY

DIRECTORY has checkouts of tlsfuzzer, tlslite-ng and python-ecdsa. Each script runs without the
starter first, with at most ten conversations, chosen at random, besides its sanity check. Those that
pass have to pass under each policy. One that fails is tried twice more, in case it depends on chance.
Fails if a conversation fails under the starter's default policy, or under "bidirectional".

Needs java and what "mvn -B package" has built, with whichever server. Listens on the loopback
interface, on ports that the system chooses.
"""

import os
import re
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
VARIANTS = {
    "without": ["--tls.shutdown.enabled=false"],
    "unidirectional": ["--tls.shutdown.policy=unidirectional"],
    "bidirectional": ["--tls.shutdown.policy=bidirectional"],
    "quiet": ["--tls.shutdown.policy=quiet"],
}
# They need millions or thousands of connections
SKIPPED = re.compile("timing|marvin|minerva|lucky13|verify-malformed-sig|dhe-shared-secret-padding")
CONVERSATIONS = 10
ATTEMPTS = 3
START_TIME = 120
SCRIPT_TIME = 120
WORKERS = 4

JAVA_HOME = os.environ.get("JAVA_HOME")


def java(command):
    return os.path.join(JAVA_HOME, "bin", command) if JAVA_HOME else command


class Sample:
    """The sample application, with one variant of the configuration."""

    def __init__(self, jar, variant, arguments, work):
        directory = Path(work, variant)
        directory.mkdir()
        # RSA, as most scripts expect
        subprocess.run(
            [java("keytool"), "-genkeypair", "-keyalg", "RSA", "-keysize", "2048", "-alias", "development",
             "-dname", "CN=localhost", "-ext", "san=dns:localhost,ip:127.0.0.1", "-keystore", "development.p12",
             "-storetype", "PKCS12", "-storepass", "development"],
            cwd=directory, check=True, capture_output=True)
        self.log = directory / "application.log"
        with self.log.open("w") as log:
            self.process = subprocess.Popen(
                [java("java"), "-jar", jar, "--server.address=127.0.0.1", "--server.port=0", *arguments],
                cwd=directory, stdin=subprocess.DEVNULL, stdout=log, stderr=log)
        self.server = self.port = None

    def await_start(self):
        deadline = time.monotonic() + START_TIME
        while time.monotonic() < deadline and self.process.poll() is None:
            started = re.search(r"(\w+) started on port (\d+) ", self.log.read_text())
            if started:
                self.server, self.port = started.group(1), int(started.group(2))
                return
            time.sleep(0.2)
        sys.exit(f"The application has not started:\n{self.log.read_text()[-2000:]}")

    def stop(self):
        self.process.terminate()
        self.process.wait()


class Fuzzer:
    """The scripts of tlsfuzzer."""

    def __init__(self, directory):
        self.home = Path(directory, "tlsfuzzer")
        paths = [self.home, Path(directory, "tlslite-ng"), Path(directory, "python-ecdsa", "src")]
        self.environment = {**os.environ, "PYTHONPATH": os.pathsep.join(str(path.resolve()) for path in paths)}

    def scripts(self):
        names = sorted(path.name for path in self.home.glob("scripts/test-*.py"))
        return [name for name in names if not SKIPPED.search(name)]

    def options(self, script):
        app = self.home / "tlsfuzzer" / "_apps" / script.replace("-", "_")
        source = (app if app.exists() else self.home / "scripts" / script).read_text()
        # Where a script has that option, it negotiates ECDHE
        return ["-d"] if '" -d ' in source else []

    def run(self, script, sample, arguments):
        """Return the names of the conversations that have passed, and of those that have not."""
        command = [sys.executable, f"scripts/{script}", "-h", "127.0.0.1", "-p", str(sample.port), *arguments]
        try:
            output = subprocess.run(
                command, cwd=self.home, env=self.environment, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT, timeout=SCRIPT_TIME, text=True, errors="replace").stdout
        except subprocess.TimeoutExpired as ex:
            output = (ex.stdout or b"").decode(errors="replace")
        passed, failed = set(), set()
        name = None
        for line in output.splitlines():
            if line.endswith(" ..."):
                name = line[: -len(" ...")]
            elif name and line == "OK":
                passed.add(name)
                name = None
            elif name and line == "Error while processing":
                failed.add(name)
                name = None
        return passed - failed, failed

    def failures(self, script, sample, names):
        """Return which of these conversations fail each time."""
        left = set(names)
        for _ in range(ATTEMPTS):
            if left:
                passed, _ = self.run(script, sample, [*self.options(script), *sorted(left)])
                left -= passed
        return left


def compare(fuzzer, samples, script):
    without = samples["without"]
    passed, failed = fuzzer.run(script, without, [*fuzzer.options(script), "-n", str(CONVERSATIONS)])
    failures = {}
    for variant, sample in samples.items():
        failures[variant] = fuzzer.failures(script, sample, passed) if passed else set()
    # Nothing is known of those that depend on chance even without the starter
    passed -= failures.pop("without")
    print(f"{script}: {len(passed)} of {len(passed) + len(failed)}", *(
        f"{variant}: {', '.join(sorted(names))}" for variant, names in failures.items() if names), sep="; ", flush=True)
    return script, passed, len(failed), {variant: names & passed for variant, names in failures.items()}


def report(server, results):
    total = sum(len(passed) for _, passed, _, _ in results)
    scripts = sum(1 for _, passed, _, _ in results if passed)
    others = sum(failed for _, _, failed, _ in results)
    print(f"\n{server}: {total} conversations of {scripts} scripts pass without the starter, {others} do not.\n")
    print("| policy | passed | failed |\n| --- | --- | --- |")
    broken = []
    for variant in list(VARIANTS)[1:]:
        failures = [(script, name) for script, _, _, failed in results for name in failed[variant]]
        print(f"| `{variant}` | {total - len(failures)} | {len(failures)} |")
        broken += [(variant, *failure) for failure in failures]
    for variant, script, name in sorted(broken):
        print(f"- {variant}: {script}, {name}")
    return total > 0 and all(variant == "quiet" for variant, _, _ in broken)


def main():
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    jars = list(ROOT.glob("sample-app/target/sample-app-*.jar"))
    if len(jars) != 1:
        sys.exit("Run mvn -B package first: there must be one sample-app/target/sample-app-*.jar")
    fuzzer = Fuzzer(sys.argv[1])
    with tempfile.TemporaryDirectory() as work:
        samples = {}
        try:
            for variant, arguments in VARIANTS.items():
                samples[variant] = Sample(jars[0], variant, arguments, work)
            for sample in samples.values():
                sample.await_start()
            with ThreadPoolExecutor(WORKERS) as pool:
                results = list(pool.map(lambda script: compare(fuzzer, samples, script), fuzzer.scripts()))
            server = samples["without"].server
        finally:
            for sample in samples.values():
                sample.stop()
    if not report(server, results):
        sys.exit(1)


if __name__ == "__main__":
    main()
