"""
Write docs/commands.md: every verb with an example, its output, its JSON keys and its help.

    hotpix demo -o demo && python benchmarks/commands_page.py

runs the examples in the current folder, which contains ``demo``. With ``--keep-output`` only help
and keys are renewed, without a demo; ``--check`` ends with status 1 where these are out of date.
"""

import os
import re
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from textwrap import fill

import click

from jwst_hotpix.cli import _VERBS, _hotpix

DOCS = Path(__file__).parents[1] / "docs"
PAGE = DOCS / "commands.md"
README = DOCS.parent / "README.md"
WIDTH = 88

DEMO = "hotpix demo -o demo"
CRDS = (
    "export CRDS_PATH=$PWD/demo/crds CRDS_CONTEXT=jwst_0001.pmap "
    "CRDS_SERVER_URL=https://jwst-serverless.invalid"
)
LIST = "demo/jwst_nirspec_hotpix_nrs1_trad_20230301.asdf"
VISIT = "demo/practice/visit"
RATE = f"{VISIT}/jw09999002001_02101_00001_nrs1_rate.fits"
MASK = "demo/crds/references/jwst/nirspec/jwst_nirspec_mask_0001.fits"
NEXT_MASK = "demo/practice/next_mask.fits"

# Of each verb: where to read more, and examples, in an order in which each finds what it needs.
GROUPS: Mapping[str, Mapping[str, tuple[str, tuple[str, ...]]]] = {
    "To see what it does": {
        "demo": ("[A simulated world](simulate.md)", (DEMO,)),
    },
    "From evidence to lists": {
        "discover": ("[Your own exposures](science.md)", (f"hotpix discover {VISIT} -o new",)),
        "fetch": (
            "[Getting a list](getting-lists.md), [references and remote files](fetch.md)",
            ("hotpix fetch references --detector NRS1 --addresses",),
        ),
        "ingest": ("[The ledger](ledger.md)", ("hotpix ingest ledger demo/practice/darks",)),
        "update": (
            "[Keeping a ledger current](getting-lists.md)",
            ("hotpix update ledger --from references",),
        ),
        "build": (
            "[How the monitor decides](monitor-method.md)",
            ("hotpix build demo/ledger --detector NRS1 --readout trad -o nrs1.asdf",),
        ),
        "import": (
            "[Import](import.md)",
            (f"hotpix import {NEXT_MASK} --detector NRS1 --date 2024-02-05 -o imported.asdf",),
        ),
    },
    "Lists and ledgers": {
        "show": ("[The ledger](ledger.md)", ("hotpix show nrs1.asdf", "hotpix show demo/ledger")),
        "lists": ("[Which list](step/reference_files.md)", ("hotpix lists --library new",)),
        "pixel": (
            "[The ledger](ledger.md)",
            ("hotpix pixel ledger 310 972 --detector NRS1 --readout trad",),
        ),
        "supplement": (
            "[Supplements](share.md)",
            (f"hotpix supplement nrs1.asdf --mask {MASK} -o supplement.asdf",),
        ),
        "export": (
            "[Exports](share.md), [your pipeline](your-pipeline.md)",
            (f"hotpix export nrs1.asdf --to mask --base {MASK} -o mask.fits",),
        ),
        "reconcile": (
            "[Reconcile](import.md)",
            (f"hotpix reconcile {LIST} --old-mask {MASK} --new-mask {NEXT_MASK}",),
        ),
    },
    "Exposures": {
        "audit": (
            "[Which exposures gain](audit.md)",
            (f"hotpix audit {VISIT} --library new --dq",),
        ),
        "reprocess": (
            "[Reprocess an archive](reprocess.md)",
            (f"hotpix reprocess {VISIT} -o flagged --library new",),
        ),
        "explain": (
            "[Which lines are hot pixels](explain.md)",
            (f"hotpix explain {RATE} --library new --top 3",),
        ),
    },
    "Growth and target acquisition": {
        "trend": ("[Trending](trending.md)", ("hotpix trend demo/ledger --readout trad",)),
        "ta": (
            "[Target acquisition](target-acquisition.md)",
            ("hotpix ta --rate 70 --months 12 --stars 8",
             "hotpix ta demo/practice/acquisitions --list nrs1.asdf --since 2023-10-16"),
        ),
        "report": (
            "[The report](report.md)",
            (f"hotpix report demo/ledger -o report.html --mask {MASK} --mask {NEXT_MASK}",),
        ),
    },
}  # fmt: skip

HEAD = """# Commands

<!-- Written by benchmarks/commands_page.py: edit that. -->

Every verb of `hotpix`, with an example, its output, its JSON keys and its options. The examples
run, in this order, in the folder where `hotpix demo -o demo` was run; those that ask CRDS use the
cache of the demo:

```sh
{crds}
```

All take `--json`, and print one object ([rules that all follow](json.md)). The exit status is 0
only if everything was done. The shell can complete verbs and options: see
[Installation](install.md#completion).
"""


def help_of(words: tuple[str, ...]) -> str:
    """Return the help of a verb, as it is printed."""
    wide = {"terminal_width": WIDTH, "max_content_width": WIDTH}
    command = _hotpix
    context = click.Context(_hotpix, info_name="hotpix", **_hotpix.context_settings, **wide)
    for word in words:
        command = command.get_command(context, word)
        context = click.Context(command, parent=context, info_name=word, **wide)
    return command.get_help(context)


def parts_of(verb: str) -> Iterator[tuple[str, ...]]:
    """Name a verb, and the commands below it."""
    yield (verb,)
    command = _hotpix.get_command(click.Context(_hotpix), verb)
    if isinstance(command, click.Group):
        yield from ((verb, name) for name in command.list_commands(click.Context(command)))


def keys_of(verb: str) -> Iterator[str]:
    """Find the rows of a verb in the table of JSON keys: names and keys."""
    table = (DOCS / "json.md").read_text()
    for names, keys in re.findall(r"^\| (`.*?) \| (.*) \|$", table, re.MULTILINE):
        for name in re.findall(r"`(.*?)`", names):
            if name.split()[0] == verb:
                yield fill(f"With `--json`{_of(name)}: {keys}.", 120, break_on_hyphens=False)


def _of(name: str) -> str:
    _, _, what = name.partition(" ")
    return f", of a {what.lower()}" if what else ""


def page(outputs: Mapping[str, str]) -> str:
    """Write the page, given the output of each example."""
    text = [HEAD.format(crds=CRDS)]
    for title, verbs in GROUPS.items():
        text.append(f"## {title}\n")
        for verb, (more, examples) in verbs.items():
            text.append(f"### hotpix {verb}\n")
            text.append(f"{_VERBS[verb][1]}{f' More: {more}.' if more else ''}\n")
            text += [f"```console\n$ {line}\n{outputs.get(line, '')}```\n" for line in examples]
            text += [f"{keys}\n" for keys in keys_of(verb)]
            text += [f"```text\n{help_of(words)}\n```\n" for words in parts_of(verb)]
    return "\n".join(text)


def outputs_in(text: str) -> dict[str, str]:
    """Return the output of each example of a page."""
    return dict(re.findall(r"^```console\n\$ (.*)\n((?:(?!```).*\n)*)```$", text, re.MULTILINE))


def run(line: str) -> str:
    """Run an example in the current folder, and return what it prints on stdout."""
    done = subprocess.run(
        ["/bin/sh", "-c", f"{CRDS}; {line}"],
        stdout=subprocess.PIPE, text=True, check=True, env=os.environ | {"COLUMNS": str(WIDTH)},
    )  # fmt: skip
    lines = [printed.rstrip() for printed in done.stdout.splitlines()]
    return "".join(f"{printed}\n" for printed in lines)


def main() -> None:
    """Write the page, with the output of all examples."""
    text = PAGE.read_text()
    if sys.argv[1:] == ["--check"]:
        sys.exit(text != page(outputs_in(text)))
    if sys.argv[1:] == ["--keep-output"]:
        PAGE.write_text(page(outputs_in(text)))
        return
    lines = [line for verbs in GROUPS.values() for _, lines in verbs.values() for line in lines]
    # What the demo prints is in the README.
    (shown,) = re.findall(
        r"^```text\n(Pixels of.*?)^```$", README.read_text(), re.MULTILINE | re.DOTALL
    )
    outputs = {DEMO: shown}
    for line in lines:
        if line not in outputs:
            print(line)
            outputs[line] = run(line)
    PAGE.write_text(page(outputs))


if __name__ == "__main__":
    main()
