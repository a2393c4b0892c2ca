"""A project of a few files, which has examples."""

import pytest

from examples.project import SPEC, Project, configure


@pytest.fixture
def project(tmp_path, levelbook):
    (tmp_path / "api.yaml").write_text(SPEC)
    (tmp_path / "examples").mkdir()
    configure(tmp_path)
    return Project(tmp_path, levelbook)
