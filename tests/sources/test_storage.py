import errno

import pytest
from django.core.exceptions import SuspiciousFileOperation
from django.core.files.base import ContentFile

from sources.storage import CaptureFolder


@pytest.fixture
def folder(tmp_path):
    return CaptureFolder(location=tmp_path)


def test_a_file_is_kept_under_its_own_name_or_a_free_one_and_never_written_over(folder, tmp_path):
    first = folder.save("2026/03/ab.warc.gz", ContentFile(b"one"))
    second = folder.save("2026/03/ab.warc.gz", ContentFile(b"two"))
    third = folder.save("2026/03/cd.warc.gz", ContentFile(b"three"))

    assert (first, third) == ("2026/03/ab.warc.gz", "2026/03/cd.warc.gz")
    assert second not in (first, third)
    assert [(tmp_path / name).read_bytes() for name in (first, second, third)] == [b"one", b"two", b"three"]
    assert (tmp_path / third).stat().st_mode & 0o777 == 0o644


def test_no_name_leads_out_of_the_folder(folder):
    with pytest.raises(SuspiciousFileOperation):
        folder.save("../ab.warc.gz", ContentFile(b"one"))


def test_half_a_capture_is_not_left_behind_on_a_full_disk(folder, tmp_path):
    class Full(ContentFile):
        def chunks(self, chunk_size=None):
            yield b"begun"
            raise OSError(errno.ENOSPC, "No space left on device")

    folder.save("2026/ab", ContentFile(b"one"))
    with pytest.raises(OSError, match="No space"):
        folder.save("2026/cd", Full(b""))

    assert [path.name for path in (tmp_path / "2026").iterdir()] == ["ab"]
