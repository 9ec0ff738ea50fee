"""What the shared options accept, and what they refuse before any work."""

from pathlib import Path

import click
import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from jwst_hotpix.cli import _hotpix, options
from jwst_hotpix.exceptions import FrameMismatchError, PathError
from jwst_hotpix.flag.targets import Neighbors
from jwst_hotpix.hotlist.pixellist import Onset


@click.command()
@options.detector_option()
@options.readout_option("Mode.", pooled=True)
@options.threshold_option()
@options.min_confidence_option()
@options.input_option("--mask", "mask", "MASK", "A mask.")
@options.plot_option("Draw it")
@options.figures_option("Write the plot", "plot")
@options.output_option("LIST", "The list.", ".asdf")
@options.json_option
def verb(**given):
    click.echo(repr({name: str(value) for name, value in given.items()}))


def values(*args):
    ran = CliRunner().invoke(verb, list(map(str, args)), catch_exceptions=True)
    if isinstance(ran.exception, PathError | FrameMismatchError):
        raise ran.exception
    assert ran.exit_code == 0, ran.output
    return eval(ran.output)  # noqa: S307


def refused(*args):
    ran = CliRunner().invoke(verb, list(map(str, args)))
    assert ran.exit_code == 2
    return ran.output


@pytest.mark.parametrize("number", ["nan", "inf", "-inf", "-1", "1e999"])
def test_a_threshold_is_a_finite_number_from_zero(number):
    assert "--threshold" in refused("--threshold", number)


@given(st.floats(min_value=0, allow_nan=False, allow_infinity=False))
def test_a_threshold_arrives_as_it_was_given(number):
    assert values("--threshold", number)["threshold"] == str(number)


def test_a_confidence_that_is_not_a_number_is_refused():
    assert "--min-confidence" in refused("--min-confidence", "nan")


def test_detectors_and_modes_are_known_in_any_case():
    found = values("--detector", "nrs1", "--readout", "Pooled")
    assert (found["detector"], found["readout"]) == ("NRS1", "POOLED")
    with pytest.raises(FrameMismatchError, match="NRS3"):
        values("--detector", "NRS3")


@pytest.mark.parametrize("flag", ["-o", "--plot", "--mask"])
def test_an_address_on_the_network_is_refused_as_it_was_typed(flag):
    """B16."""
    with pytest.raises(PathError, match=r"^s3://bucket/x.asdf: only local files can be "):
        values(flag, "s3://bucket/x.asdf")


def test_an_output_in_a_missing_folder_is_refused_by_name(tmp_path):
    """B16."""
    path = tmp_path / "missing" / "x.asdf"
    with pytest.raises(PathError, match=f"^{path}: there is no folder {path.parent}$"):
        values("-o", path)


@pytest.mark.parametrize(("flag", "name"), [("-o", "x.fits"), ("-o", "x"), ("--plot", "p.xyz")])
def test_the_ending_of_an_output_is_checked(tmp_path, flag, name):
    # FIELD C6.
    with pytest.raises(PathError, match=f"{name}: the name must end in .*"):
        values(flag, tmp_path / name)


@pytest.mark.parametrize(("flag", "name"), [("-o", "x.asdf"), ("--plot", "x.PNG")])
def test_nothing_is_replaced_unless_asked_for(tmp_path, flag, name):
    # FIELD C5.
    path = tmp_path / name
    assert values(flag, path)["output" if flag == "-o" else "plot"] == str(path)
    path.touch()
    with pytest.raises(PathError, match=f"{name}: exists already; use --overwrite to replace it"):
        values(flag, path)
    for args in (("--overwrite", flag, path), (flag, path, "--overwrite")):
        values(*args)


@pytest.mark.parametrize("name", ["x.asdf", "link.asdf", "hard.asdf", "./x.asdf"])
@pytest.mark.parametrize("order", [1, -1])
def test_an_input_is_never_an_output(tmp_path, monkeypatch, name, order):
    # FIELD D3.
    monkeypatch.chdir(tmp_path)
    (tmp_path / "x.asdf").touch()
    (tmp_path / "link.asdf").symlink_to("x.asdf")
    (tmp_path / "hard.asdf").hardlink_to("x.asdf")
    pairs = [("-o", name), ("--mask", "x.asdf")][::order]
    with pytest.raises(PathError, match=f"^{Path(name)}: is an input of this command"):
        values(*pairs[0], *pairs[1], "--overwrite")
    values("-o", "link.asdf", "--mask", "other.fits", "--overwrite")


def test_no_file_of_an_input_folder_is_an_output(tmp_path):
    @click.command()
    @options.files_argument()
    @options.output_option("OUT", "Anything.")
    def anything(files, output):
        raise AssertionError

    (tmp_path / "a_rate.fits").touch()
    arguments = [str(tmp_path), "-o", str(tmp_path / "a_rate.fits"), "--overwrite"]
    with pytest.raises(PathError, match="a_rate.fits: is an input of this command"):
        anything.main(arguments, standalone_mode=False)


def test_a_folder_is_no_output_file(tmp_path):
    (tmp_path / "x.asdf").mkdir()
    with pytest.raises(PathError, match="x.asdf: is a folder"):
        values("-o", tmp_path / "x.asdf", "--overwrite")


def test_all_values_of_an_enumeration_can_be_chosen():
    for option, kind in ((options.neighbors_option, Neighbors), (options.onset_option, Onset)):
        command = click.command()(option()(lambda **_: None))
        (parameter,) = command.params
        assert set(parameter.type.choices) == {value.value for value in kind}


def test_a_device_is_written_to():
    @click.command()
    @options.output_option("OUT", "Anything.")
    def anything(output):
        assert output == Path("/dev/null")

    assert CliRunner().invoke(anything, ["-o", "/dev/null"]).exit_code == 0


def test_figures_go_to_a_folder_that_may_be_new(tmp_path):
    assert str(tmp_path / "new") in values("--figures", tmp_path / "new")["figures"]
    assert not (tmp_path / "new").exists()
    assert "overwrite=True" in values("--figures", tmp_path, "--overwrite")["figures"]


def test_figures_that_exist_are_refused_before_any_work(tmp_path):
    (tmp_path / "plot.svg").touch()
    (tmp_path / "another.svg").touch()
    with pytest.raises(PathError, match=r"plot\.svg.*--overwrite"):
        values("--figures", tmp_path)
    values("--figures", tmp_path, "--overwrite")
    with pytest.raises(PathError, match="is a file"):
        values("--figures", tmp_path / "plot.svg")
    with pytest.raises(PathError, match="there is no folder"):
        values("--figures", tmp_path / "missing" / "new")
    with pytest.raises(PathError, match="only local files"):
        values("--figures", "https://example.org/figures")


def test_every_verb_that_plots_writes_figures_for_papers_too():
    verbs = _hotpix.list_commands(None)
    found = {
        name: {parameter.name for parameter in _hotpix.get_command(None, name).params}
        for name in verbs
    }
    drawing = {name for name, has in found.items() if has & {"plot", "plots"}}
    assert drawing >= {"trend", "ta", "pixel", "explain"}
    drawing |= {"demo", "discover", "report"}
    assert [name for name in drawing if "figures" not in found[name]] == []
