"""Takes away one rule after the other: evertill-sim must notice each within 200 seeds.

Run: negative_controls.py PROGRAM. Two at a time. Prints how soon each was noticed; exits 1 when one was not.
"""

import concurrent.futures
import re
import subprocess
import sys

RULES = (
    "return gate commit-recheck grant-once restore-pending standin-used ack-epoch new-incarnation return-after-hello "
    "business-clock dedupe hold-tombstone reclaim-settle release-once fence gap-safe fsync"
).split()


def without(program, rule):
    """The line of the failure, or nothing when the rule was not missed."""
    run = subprocess.run(
        [program, "--seeds", "1..200", "--disable", rule], capture_output=True, text=True, check=False
    )
    found = re.search(r"^FAILED seed (\d+) (step \d+ invariant \d+: .*)$", run.stdout, re.MULTILINE)
    if run.returncode != 1 or not found:
        return None
    return f"seed {found.group(1)}, {found.group(2)}"


def main():
    program = sys.argv[1]
    missed = []
    with concurrent.futures.ThreadPoolExecutor(max_workers=2) as pool:
        for rule, how in zip(RULES, pool.map(lambda rule: without(program, rule), RULES)):
            print(f"{rule}: {how or 'NOT NOTICED in 200 seeds'}", flush=True)
            if how is None:
                missed.append(rule)
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
