"""Which files key the cache of compiled code."""

from qbtc.qcs.domain.simulators.compiling import compiled_sources


def test_compiled_code_is_keyed_by_its_files_and_what_they_import_and_by_no_other():
    files = {
        "kernels": b"import x\nfrom .compiling import inner\nfrom .vectors import load\n",
        "vectors": b"from .numbers import ONE\n",
        "numbers": b"ONE = 1\n",
        "compiling": b"",
        "engine": b"from .kernels import run\n",
    }
    assert compiled_sources(files) == ["compiling", "kernels", "numbers", "vectors"]
