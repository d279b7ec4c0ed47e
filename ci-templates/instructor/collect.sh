#!/usr/bin/env bash
# Clones the repositories that repositories.txt names, a student's name and an address a line, and lays the work in them
# out in submitted/<student>/. Without that file, submitted/ is graded as it is.
#
# STUDENTS_TOKEN  a token that may read the repositories, where they are private
# STUDENTS_HOST   the host that it is for (default: github.com)
set -euo pipefail
if [ ! -f repositories.txt ]; then
    echo "There is no repositories.txt: submitted/ is graded as it is."
    exit 0
fi
export GIT_TERMINAL_PROMPT=0 GIT_LFS_SKIP_SMUDGE=1
if [ -n "${STUDENTS_TOKEN:-}" ]; then # by the environment, so that no file holds it
    host="${STUDENTS_HOST:-github.com}"
    export GIT_CONFIG_COUNT=1 GIT_CONFIG_VALUE_0="https://$host/"
    export GIT_CONFIG_KEY_0="url.https://oauth2:$STUDENTS_TOKEN@$host/.insteadOf"
fi
rm -rf clones
while read -r student address || [ -n "$student" ]; do
    case "$student" in "" | "#"*) continue ;; esac
    rm -rf "submitted/$student"
    mkdir -p "submitted/$student" # one that stays empty has no submission
    # Links in a student's repository become text files: they lead nowhere.
    if git clone --quiet --depth 1 --no-tags --config core.symlinks=false -- "$address" "clones/$student"; then
        if [ -d "clones/$student/assignments" ]; then
            cp -R "clones/$student/assignments/." "submitted/$student"
        else
            echo "$student: the repository has no folder assignments/"
        fi
    else
        echo "$student: the repository cannot be cloned"
    fi
done < repositories.txt
