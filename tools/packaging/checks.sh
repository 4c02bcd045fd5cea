# shellcheck shell=bash
# What tools/check-install and tools/packaging/try both ask of a program that was installed; sourced, not run,
# behind tools/common.sh.

# The program, which the words behind folder $1 start, trains a tiny model into that folder.
expect_training() {
  local out=$1
  shift
  expect "adding, lstm" "$@" train adding --length 8 --hidden 8 --steps 20 --quiet --out "$out"
}

# The manual page is where man looks.
expect_manual() {
  expect "unroll decay [options]" man -P cat unroll
}

# Completions for bash, once command $1 has brought them.
expect_bash() {
  expect "complete -F _unroll unroll" bash --norc -c "$1; complete -p unroll"
}

# Completions for zsh; command $1 comes first, and may say where they are.
expect_zsh() {
  # shellcheck disable=SC2016
  expect "unroll=_unroll" zsh -fc "$1"'; autoload -Uz compinit; compinit -u -D; print unroll=$_comps[unroll]'
}

# Completions for fish, which finds them by itself.
expect_fish() {
  expect "--learning-rate" fish -c 'complete -C "unroll train --learn"'
}
