#!/usr/bin/env bash
# Prints the help of every command of `atlas` as Markdown: docs/commands.sh path/to/atlas
set -euo pipefail
atlas=${1:?the program atlas}

# The help of a command, then that of each command below it.
chapter() {
	local help command
	help=$(COLUMNS=100 "$atlas" "$@" --help)
	printf '\n### `%s`\n\n```text\n%s\n```\n' "atlas${*:+ $*}" "$help"
	for command in $(awk '/^Commands:/ { on = 1; next } !NF { on = 0 } on && /^  [a-z]/ { print $1 }' <<<"$help"); do
		[ "$command" = help ] || chapter "$@" "$command"
	done
}
chapter
