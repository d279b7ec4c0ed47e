#!/usr/bin/env bash
# Gradescope runs this once, as root, when it builds the image of an assignment: it sets up Python and the grader.
#
# AUTOGRADER_ROOT    where Gradescope's folders are (default: /autograder)
# AUTOGRADER_PYTHON  a Python to install into, in the place of an environment of its own; for images that bring one
set -euo pipefail
root="${AUTOGRADER_ROOT:-/autograder}"

if [ -z "${AUTOGRADER_PYTHON:-}" ]; then
    export DEBIAN_FRONTEND=noninteractive
    apt-get update
    apt-get install --yes --no-install-recommends libseccomp2 python3 python3-venv
    python=python3
    if ! "$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))'; then # Ubuntu 22.04
        apt-get install --yes --no-install-recommends python3.11 python3.11-venv
        python=python3.11
    fi
    "$python" -m venv "$root/venv"
    AUTOGRADER_PYTHON="$root/venv/bin/python"
fi

cd "$root/source"
"$AUTOGRADER_PYTHON" -I -m pip install --quiet --disable-pip-version-check --constraint constraints.txt --requirement requirements.txt
chmod -R go= "$root/source" # solutions; a submission cannot read them in any case, which every run tries first
