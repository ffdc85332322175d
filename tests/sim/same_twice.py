"""The same seeds give the same output, byte for byte, in another process. Run: same_twice.py PROGRAM"""

import subprocess
import sys

runs = [
    subprocess.run([sys.argv[1], "--seeds", "11..16"], capture_output=True, check=False).stdout for _ in range(2)
]
alone = subprocess.run([sys.argv[1], "--seed", "16", "--disable", "dedupe"], capture_output=True, check=False).stdout
after = subprocess.run([sys.argv[1], "--seed", "16", "--disable", "dedupe"], capture_output=True, check=False).stdout
if runs[0] != runs[1] or b"digest" not in runs[0] or alone != after:
    print("the same seeds gave two outputs")
    sys.exit(1)
