"""A group of commands, each in its own module, which is imported when it is used."""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module
from typing import Any

import click

__all__ = ["LazyGroup"]


class LazyGroup(click.Group):
    """
    A group whose commands are modules of this package.

    Parameters
    ----------
    *args, **kwargs
        As `click.Group`.
    verbs : mapping of str to (str, str)
        For each command, by name: its module in `jwst_hotpix.cli`, and its line of help, given here
        so that help imports no command.
    kind : str
        Word for these commands in errors.
    """

    def __init__(
        self, *args: Any, verbs: Mapping[str, tuple[str, str]], kind: str = "verb", **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.verbs, self.kind = verbs, kind

    def list_commands(self, _ctx: click.Context) -> list[str]:
        """List the names of the commands, in the order of the table."""
        return list(self.verbs)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import a command."""
        if cmd_name not in self.verbs:
            # Imported here so as not to slow down --help.
            from difflib import get_close_matches

            similar = get_close_matches(cmd_name, self.verbs, n=1)
            hint = f"; did you mean {similar[0]!r}?" if similar else ""
            ctx.fail(f"there is no {self.kind} {cmd_name!r}{hint}")
        module, _ = self.verbs[cmd_name]
        command: click.Command = import_module(f"jwst_hotpix.cli.{module}").command
        return command

    def format_commands(self, _ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the lines of help."""
        if self.verbs:
            with formatter.section("Commands"):
                formatter.write_dl([(verb, line) for verb, (_, line) in self.verbs.items()])
